package dev.diecast.tools.inspect.timeline;

import dev.diecast.tools.inspect.timeline.Schedule.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Spreads spans over as few tracks as needed, so that none overlap on one. */
final class Lanes {
  // Sums of microseconds differ in the last digits; a thousandth of a nanosecond is no overlap.
  private static final double ROUNDING = 1e-6;

  private Lanes() {}

  /** The lane of each span, from 0: the first that is free when it starts. */
  static int[] of(List<Span> spans) {
    int[] lanes = new int[spans.size()];
    List<Double> busyUntil = new ArrayList<>();
    IntStream.range(0, spans.size())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> spans.get(i).start()))
        .forEach(i -> {
          int lane = free(busyUntil, spans.get(i).start());
          busyUntil.set(lane, spans.get(i).end());
          lanes[i] = lane;
        });
    return lanes;
  }

  private static int free(List<Double> busyUntil, double start) {
    for (int lane = 0; lane < busyUntil.size(); lane++) {
      if (busyUntil.get(lane) <= start + ROUNDING) {
        return lane;
      }
    }
    busyUntil.add(0.0);
    return busyUntil.size() - 1;
  }
}
