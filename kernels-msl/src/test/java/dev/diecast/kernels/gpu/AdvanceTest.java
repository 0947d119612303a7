package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdvanceTest implements NeedsClang {
  @ParameterizedTest
  @CsvSource({"1,1,1,0", "1,1,1,1023", "1,1,0,5", "8,5,1,4294967301", "8,9,1,2", "4,0,0,1"})
  void advances(int tokens, int active, int emit, long emitted) {
    int[] ring = new int[16];
    StepBytes before =
        new StepBytes()
            .position(40)
            .active(active)
            .put(StepBytes.EMIT, emit)
            .put(StepBytes.EMITTED, emitted)
            .put(StepBytes.SAMPLED, 4711)
            .put(StepBytes.TOKEN, 12);
    var results =
        KernelRun.of("advance")
            .args("n_tokens", tokens, "ring_size", 16)
            .bytes("step", before.bytes())
            .ints("ring", ring)
            .run();
    StepBytes expected = new StepBytes(before.bytes()).position(40 + Math.min(active, tokens));
    if (emit == 1) {
      expected.put(StepBytes.TOKEN, 4711).put(StepBytes.EMITTED, emitted + 1);
      ring[(int) (emitted % 16)] = 4711;
    }
    assertThat(results.get("step")).isEqualTo(expected.bytes());
    assertThat(Bytes.ints(results.get("ring"))).isEqualTo(ring);
  }
}
