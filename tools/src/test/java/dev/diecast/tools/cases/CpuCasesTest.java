package dev.diecast.tools.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.KernelRun;
import java.lang.foreign.Arena;
import java.util.Set;
import java.util.function.ToDoubleFunction;
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
      assertThat(Comparison.of(before, expected, memory, tolerance(of)).faults()).isEmpty();
    }
  }

  /**
   * The cpu device rounds activations to integers where it multiplies packed weights: 2^-b of a
   * stretch's largest value remains, with 10 bits 4e-4 and with 9 bits 8e-4 of a Gaussian vector.
   */
  private static ToDoubleFunction<String> tolerance(KernelCase of) {
    double packed =
        of.slots().values().stream().mapToDouble(CpuCasesTest::packingError).max().orElse(0);
    return slot -> Math.max(of.tolerance(slot), packed);
  }

  private static double packingError(Content content) {
    if (!(content instanceof Content.Blocks blocks)) {
      return 0;
    }
    return blocks.type() == TensorType.Q4_0
        ? 3e-3
        : Set.of(TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K).contains(blocks.type())
            ? 8e-3
            : 0;
  }
}
