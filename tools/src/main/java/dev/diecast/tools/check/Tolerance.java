package dev.diecast.tools.check;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.gguf.TensorType;
import java.util.EnumSet;
import java.util.Set;

/**
 * Relative gaps that are rounding; docs/numerics.md says where they come from.
 *
 * @param logits of a row of logits
 * @param dispatch of any value that a dispatch writes: values inside a layer may be small
 *     differences of large ones
 */
public record Tolerance(double logits, double dispatch) {
  private static final double INSIDE = 4;
  private static final Set<TensorType> PACKED =
      EnumSet.of(TensorType.Q4_0, TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K);

  /** The stated tolerance of decoding with the weights that a plan uses. */
  public static Tolerance of(Plan plan) {
    // GPU kernels decode weights exactly, and leave activations as they are.
    boolean packed =
        plan.device().equals("cpu")
            && plan.tensors().stream().map(PlanTensor::type).anyMatch(PACKED::contains);
    return of(packed ? 1.5e-2 : 3e-3);
  }

  /** A tolerance of logits, and the one inside layers that goes with it. */
  public static Tolerance of(double logits) {
    return new Tolerance(logits, INSIDE * logits);
  }
}
