package dev.diecast.tools.profile;

import dev.diecast.capture.cost.DispatchCost;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.tools.inspect.KernelLabels;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What all dispatches of one kernel take in one run of a program.
 *
 * @param kernel its name with the weight types that it is made for
 * @param calls dispatches
 * @param micros measured microseconds of them all
 * @param predictedMicros what the cost model says of them
 * @param bytes that they move
 * @param share of the measured times, 0 to 1
 */
record KernelTime(
    String kernel, int calls, double micros, double predictedMicros, long bytes, double share) {

  /** Every kernel of a program, the costliest first. */
  static List<KernelTime> of(
      Plan plan, Program program, DispatchProfile measured, ProgramCost predicted) {
    TreeMap<Integer, List<Integer>> dispatches = new TreeMap<>();
    IntStream.range(0, program.dispatches().size())
        .forEach(i ->
            dispatches.merge(program.dispatches().get(i).kernel(), List.of(i), KernelTime::joined));
    return dispatches.entrySet().stream()
        .map(entry ->
            of(
                KernelLabels.of(plan.kernels().get(entry.getKey())),
                entry.getValue(),
                measured,
                predicted))
        .sorted(Comparator.comparingDouble(KernelTime::micros).reversed())
        .toList();
  }

  private static KernelTime of(
      String kernel, List<Integer> calls, DispatchProfile measured, ProgramCost predicted) {
    List<DispatchCost> costs = calls.stream().map(predicted.dispatches()::get).toList();
    double micros = calls.stream().mapToDouble(measured.micros()::get).sum();
    return new KernelTime(
        kernel,
        calls.size(),
        micros,
        costs.stream().mapToDouble(DispatchCost::predictedMicros).sum(),
        costs.stream().mapToLong(DispatchCost::bytes).sum(),
        measured.sumMicros() > 0 ? micros / measured.sumMicros() : 0);
  }

  double gigabytesPerSecond() {
    return micros > 0 ? bytes / micros / 1e3 : 0;
  }

  /** Measured over predicted; 0 where nothing is predicted. */
  double ratio() {
    return predictedMicros > 0 ? micros / predictedMicros : 0;
  }

  private static List<Integer> joined(List<Integer> a, List<Integer> b) {
    return Stream.concat(a.stream(), b.stream()).toList();
  }
}
