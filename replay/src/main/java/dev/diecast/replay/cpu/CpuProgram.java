package dev.diecast.replay.cpu;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Binds the dispatches of a program once, so that a token only walks them. */
final class CpuProgram {
  private CpuProgram() {}

  static Walk bind(Plan plan, Program program, CpuMemory memory, Map<String, CpuKernel> kernels) {
    List<Walk.Stop> stops = new ArrayList<>();
    for (int i = 0; i < program.dispatches().size(); i++) {
      Dispatch dispatch = program.dispatches().get(i);
      String kernel = kernelName(plan, dispatch, program.name() + "[" + i + "]");
      String where = program.name() + "[" + i + "] " + dispatch.label() + " (" + kernel + ")";
      BoundKernel bound = bind(where, kernel, dispatch, plan, memory, kernels);
      stops.add(new Walk.Stop(where, bound, dispatch.barrierBefore()));
    }
    return new Walk(stops);
  }

  private static String kernelName(Plan plan, Dispatch dispatch, String where) {
    if (dispatch.kernel() < 0 || dispatch.kernel() >= plan.kernels().size()) {
      throw new PlanException(
          where + ": names kernel " + dispatch.kernel() + ", which the plan does not have");
    }
    return plan.kernels().get(dispatch.kernel()).name();
  }

  private static BoundKernel bind(
      String where,
      String name,
      Dispatch dispatch,
      Plan plan,
      CpuMemory memory,
      Map<String, CpuKernel> kernels) {
    KernelContract contract =
        KernelCatalog.find(name)
            .orElseThrow(() -> new PlanException(where + ": no kernel is called '" + name + "'"));
    CpuKernel kernel = kernels.get(name);
    if (kernel == null) {
      throw new PlanException(where + ": the cpu device has no kernel '" + name + "'");
    }
    try {
      return kernel.bind(new DispatchBindings(where, contract, dispatch, plan, memory));
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new PlanException(where + ": " + e.getMessage(), e);
    }
  }
}
