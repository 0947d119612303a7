package dev.diecast.tools.diff;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.tools.inspect.KernelLabels;
import dev.diecast.tools.inspect.ProgramTotals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What changed in a program that both plans have.
 *
 * @param name the program
 * @param totals every total, changed or not
 * @param kernels dispatches by kernel, those that changed
 * @param layers layers by what changed in them
 */
public record ProgramDiff(
    String name, List<Change> totals, List<Change> kernels, List<LayerDiff> layers) {
  /** A difference with its own copies of the lists. */
  public ProgramDiff {
    totals = List.copyOf(totals);
    kernels = List.copyOf(kernels);
    layers = List.copyOf(layers);
  }

  /** Whether anything that is compared changed. */
  public boolean differs() {
    return totals.stream().anyMatch(Change::differs)
        || !kernels.isEmpty()
        || layers.stream().anyMatch(layer -> !layer.lines().isEmpty());
  }

  static ProgramDiff of(
      Plan planA, Program a, CostModel costsA, Plan planB, Program b, CostModel costsB) {
    return new ProgramDiff(
        a.name(),
        totals(planA, a, costsA.cost(a), planB, b, costsB.cost(b)),
        kernels(planA, a, planB, b),
        LayerDiff.of(planA, a, planB, b));
  }

  private static List<Change> totals(
      Plan planA, Program a, ProgramCost costA, Plan planB, Program b, ProgramCost costB) {
    Map<String, Long> before = ProgramTotals.of(planA, a).named();
    Map<String, Long> after = ProgramTotals.of(planB, b).named();
    List<Change> changes = new ArrayList<>();
    before.forEach(
        (name, value) -> changes.add(new Change(name, value, after.getOrDefault(name, 0L))));
    changes.add(new Change("predicted_us", costA.predictedMicros(), costB.predictedMicros()));
    changes.add(new Change("roofline_us", costA.rooflineMicros(), costB.rooflineMicros()));
    return changes;
  }

  private static List<Change> kernels(Plan planA, Program a, Plan planB, Program b) {
    Map<String, Long> before = calls(planA, a);
    Map<String, Long> after = calls(planB, b);
    NavigableSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    return names.stream()
        .map(name -> new Change(name, before.getOrDefault(name, 0L), after.getOrDefault(name, 0L)))
        .filter(Change::differs)
        .toList();
  }

  private static Map<String, Long> calls(Plan plan, Program program) {
    Map<String, Long> calls = new TreeMap<>();
    for (Dispatch dispatch : program.dispatches()) {
      calls.merge(KernelLabels.of(plan, dispatch), 1L, Long::sum);
    }
    return calls;
  }
}
