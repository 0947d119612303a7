package dev.diecast.tools.inspect;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.Plan;
import java.util.List;

/** Kernels by name and weight types: {@code linears[2*q4_0]}. */
public final class KernelLabels {
  private KernelLabels() {}

  /** The label of a dispatch's kernel. */
  public static String of(Plan plan, Dispatch dispatch) {
    return FunctionConstants.label(use(plan, dispatch.kernel()));
  }

  /** The label of a kernel. */
  public static String of(KernelUse kernel) {
    return FunctionConstants.label(kernel);
  }

  /** The kernel of that index; one without constants for an index outside the plan. */
  static KernelUse use(Plan plan, int kernel) {
    return kernel >= 0 && kernel < plan.kernels().size()
        ? plan.kernels().get(kernel)
        : new KernelUse("kernel " + kernel, "", List.of(), 0);
  }
}
