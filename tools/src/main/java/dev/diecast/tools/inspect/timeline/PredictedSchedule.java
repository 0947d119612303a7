package dev.diecast.tools.inspect.timeline;

import dev.diecast.capture.cost.DispatchCost;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.tools.inspect.timeline.Schedule.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The cost model's times laid out in time. A stage takes the sum of its dispatches' predicted
 * times. Its dispatches launch one after the other and then share the device evenly: while k of
 * them still work, each advances at 1/k of its pace, so that the shorter ones end first and the
 * last one ends the stage.
 */
public final class PredictedSchedule {
  private PredictedSchedule() {}

  /** The schedule of a run. */
  public static Schedule of(ProgramCost cost) {
    List<DispatchCost> all = cost.dispatches();
    List<Span> spans = new ArrayList<>();
    double now = 0;
    for (int first = 0; first < all.size(); first = spans.size()) {
      int end = first;
      while (end < all.size() && all.get(end).stage() == all.get(first).stage()) {
        end++;
      }
      spans.addAll(stage(now, all.subList(first, end)));
      now += all.subList(first, end).stream().mapToDouble(DispatchCost::predictedMicros).sum();
    }
    return new Schedule("predicted", cost.profile().name(), spans);
  }

  private static List<Span> stage(double start, List<DispatchCost> stage) {
    double launched = start + stage.stream().mapToDouble(DispatchCost::overheadMicros).sum();
    double[] ends = sharedEnds(stage.stream().mapToDouble(PredictedSchedule::work).toArray());
    List<Span> spans = new ArrayList<>();
    double launch = start;
    for (int i = 0; i < ends.length; i++) {
      spans.add(new Span(launch, launched + ends[i] - launch, stage.get(i).bytes()));
      launch += stage.get(i).overheadMicros();
    }
    return spans;
  }

  private static double work(DispatchCost cost) {
    return Math.max(0, cost.predictedMicros() - cost.overheadMicros());
  }

  /** When works that share a device evenly end; the last one ends at their sum. */
  static double[] sharedEnds(double[] work) {
    int[] shortestFirst =
        IntStream.range(0, work.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> work[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ends = new double[work.length];
    double now = 0;
    double done = 0;
    for (int i = 0; i < work.length; i++) {
      double next = work[shortestFirst[i]];
      now += (next - done) * (work.length - i);
      done = next;
      ends[shortestFirst[i]] = now;
    }
    return ends;
  }
}
