package dev.diecast.capture.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gives intervals their places in one arena: largest first, each into the tightest gap among those
 * it lives with (greedy by size; Pisarchyk and Lee, "Efficient Memory Management for Deep Neural
 * Net Inference", 2020).
 */
final class ArenaPlanner {
  /** Alignment of every interval: a cache line. */
  static final long ALIGNMENT = 64;

  private ArenaPlanner() {}

  /**
   * A planned arena.
   *
   * @param offsets the first byte of each interval
   * @param bytes the size of the arena
   */
  record Arena(List<Long> offsets, long bytes) {
    Arena {
      offsets = List.copyOf(offsets);
    }
  }

  private record Placed(Interval interval, long start, long end) {}

  /** Places all intervals so that none that meet overlap. */
  static Arena plan(List<Interval> intervals) {
    List<Integer> bySize =
        IntStream.range(0, intervals.size())
            .boxed()
            .sorted(
                Comparator.<Integer>comparingLong(i -> -intervals.get(i).bytes())
                    .thenComparingInt(i -> intervals.get(i).firstStage())
                    .thenComparing(i -> i))
            .toList();
    List<Placed> placed = new ArrayList<>();
    Long[] offsets = new Long[intervals.size()];
    long end = 0;
    for (int index : bySize) {
      Interval interval = intervals.get(index);
      long start = tightestGap(interval, placed);
      Placed here = new Placed(interval, start, Math.addExact(start, interval.bytes()));
      insert(placed, here);
      offsets[index] = start;
      end = Math.max(end, here.end());
    }
    return new Arena(Arrays.asList(offsets), align(end, ALIGNMENT));
  }

  /** The largest sum of bytes that any one dispatch finds alive. */
  static long lowerBound(List<Interval> intervals, int dispatches) {
    long[] change = new long[dispatches + 1];
    for (Interval interval : intervals) {
      change[interval.firstDispatch()] += interval.bytes();
      change[interval.lastDispatch() + 1] -= interval.bytes();
    }
    long alive = 0;
    long most = 0;
    for (long delta : change) {
      alive += delta;
      most = Math.max(most, alive);
    }
    return most;
  }

  /** The next multiple. */
  static long align(long value, long alignment) {
    return Math.multiplyExact(Math.ceilDiv(value, alignment), alignment);
  }

  private static long tightestGap(Interval interval, List<Placed> byStart) {
    long best = -1;
    long bestGap = Long.MAX_VALUE;
    long free = 0;
    for (Placed other : byStart) {
      if (other.interval().meets(interval)) {
        long gap = other.start() - free;
        if (gap >= interval.bytes() && gap < bestGap) {
          best = free;
          bestGap = gap;
        }
        free = Math.max(free, align(other.end(), ALIGNMENT));
      }
    }
    return best >= 0 ? best : free;
  }

  private static void insert(List<Placed> byStart, Placed placed) {
    int at = byStart.size();
    while (at > 0 && byStart.get(at - 1).start() > placed.start()) {
      at--;
    }
    byStart.add(at, placed);
  }
}
