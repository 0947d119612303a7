package dev.diecast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.PlanCodec;
import dev.diecast.plans.gguf.GgufFile;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same input gives the same bits, however often and on however many threads. */
class DeterminismTest {
  static List<OracleModel> models() {
    return OracleModels.bundled();
  }

  @ParameterizedTest
  @MethodSource("models")
  void threadsAndRepetitionChangeNothing(OracleModel model) {
    int[] tokens = model.tokens();
    float[][] expected;
    float[] expectedPrefill;
    try (CpuRun run = CpuRun.open(model.gguf(), 1)) {
      expected = run.feed(tokens);
      run.session().reset();
      run.session().prefill(tokens);
      expectedPrefill = run.session().logits();
    }
    for (int threads : new int[] {2, 3, 7}) {
      try (CpuRun run = CpuRun.open(model.gguf(), threads)) {
        for (int repetition = 0; repetition < 2; repetition++) {
          assertThat(Arrays.deepEquals(run.feed(tokens), expected))
              .as("%s decodes alike on %d threads, repetition %d", model, threads, repetition)
              .isTrue();
          run.session().reset();
          run.session().prefill(tokens);
          assertThat(run.session().logits())
              .as("%s prefills alike on %d threads", model, threads)
              .isEqualTo(expectedPrefill);
          run.session().reset();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void compilingTwiceGivesTheSameBytes(OracleModel model) {
    assertThat(compile(model)).isEqualTo(compile(model));
  }

  private static byte[] compile(OracleModel model) {
    try (GgufFile gguf = GgufFile.open(model.gguf())) {
      return PlanCodec.encode(PlanCompiler.compile(gguf, CompileOptions.DEFAULTS));
    }
  }
}
