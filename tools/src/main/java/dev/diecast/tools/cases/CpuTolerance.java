package dev.diecast.tools.cases;

import dev.diecast.plans.gguf.TensorType;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What the cpu device's kernels may be off: it rounds activations to integers where it multiplies
 * packed weights. 2^-b of a stretch's largest value remains, with 10 bits 4e-4 and with 9 bits 8e-4
 * of a Gaussian vector.
 */
public final class CpuTolerance {
  private static final Set<TensorType> K_TYPES =
      Set.of(TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K);

  private CpuTolerance() {}

  /** By slot, the largest relative error that a row may have. */
  public static ToDoubleFunction<String> of(KernelCase of) {
    double packed =
        of.slots().values().stream().mapToDouble(CpuTolerance::packingError).max().orElse(0);
    return slot -> Math.max(of.tolerance(slot), packed);
  }

  private static double packingError(Content content) {
    if (!(content instanceof Content.Blocks blocks)) {
      return 0;
    }
    if (blocks.type() == TensorType.Q4_0) {
      return 3e-3;
    }
    return K_TYPES.contains(blocks.type()) ? 8e-3 : 0;
  }
}
