package dev.diecast.tools.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.replay.cpu.KernelRun;
import java.lang.foreign.Arena;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case on the cpu device's kernels. */
class CpuCasesTest {
  private static final int THREADS = 2;

  static Stream<KernelCase> cases() {
    return KernelCases.checked().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesWhatFloat64Gives(KernelCase of) {
    try (Arena arena = Arena.ofShared()) {
      var memory = new CaseMemory(of, arena);
      var before = new CaseData(of, memory);
      try (var run =
          KernelRun.open(of.contract(), of.constants(), of.packedArgs(), memory.slots(), THREADS)) {
        run.run();
      }
      Expected expected = References.of(of).of(before);
      assertThat(Comparison.of(before, expected, memory, CpuTolerance.of(of)).faults()).isEmpty();
    }
  }
}
