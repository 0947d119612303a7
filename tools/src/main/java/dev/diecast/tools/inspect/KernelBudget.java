package dev.diecast.tools.inspect;

import dev.diecast.capture.cost.DispatchCost;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * What all dispatches of one kernel cost in one run of a program.
 *
 * @param kernel index into the plan's kernels
 * @param label its name with the weight types that it is made for
 * @param constants its function constants
 * @param calls dispatches
 * @param micros predicted microseconds of them all
 * @param share of the program's predicted time, 0 to 1
 * @param bytes bytes that they move
 * @param fusion traced operations that they stand for
 * @param meaning what the kernel does, from its contract; empty for an unknown one
 */
record KernelBudget(
    int kernel,
    String label,
    String constants,
    long calls,
    double micros,
    double share,
    long bytes,
    FusionRate fusion,
    String meaning) {

  /** Every kernel of a program, the costliest first. */
  static List<KernelBudget> of(Plan plan, Program program, ProgramCost cost) {
    TreeMap<Integer, List<Integer>> dispatches = new TreeMap<>();
    for (int i = 0; i < program.dispatches().size(); i++) {
      int kernel = program.dispatches().get(i).kernel();
      dispatches.computeIfAbsent(kernel, k -> new ArrayList<>()).add(i);
    }
    return dispatches.entrySet().stream()
        .map(entry -> of(plan, program, cost, entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingDouble(KernelBudget::micros).reversed())
        .toList();
  }

  double microsPerCall() {
    return micros / calls;
  }

  double gigabytesPerSecond() {
    return micros > 0 ? bytes / micros / 1e3 : 0;
  }

  private static KernelBudget of(
      Plan plan, Program program, ProgramCost cost, int kernel, List<Integer> dispatches) {
    List<Dispatch> calls = dispatches.stream().map(program.dispatches()::get).toList();
    List<DispatchCost> costs = dispatches.stream().map(cost.dispatches()::get).toList();
    double micros = costs.stream().mapToDouble(DispatchCost::predictedMicros).sum();
    KernelUse use = KernelLabels.use(plan, kernel);
    return new KernelBudget(
        kernel,
        FunctionConstants.label(use),
        FunctionConstants.text(use),
        calls.size(),
        micros,
        cost.predictedMicros() > 0 ? micros / cost.predictedMicros() : 0,
        costs.stream().mapToLong(DispatchCost::bytes).sum(),
        FusionRate.of(calls),
        KernelCatalog.find(use.name()).map(KernelContract::meaning).orElse(""));
  }
}
