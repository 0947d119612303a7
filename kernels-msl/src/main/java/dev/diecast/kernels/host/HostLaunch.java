package dev.diecast.kernels.host;

import java.util.Map;

/**
 * One dispatch of a kernel.
 *
 * @param groups threadgroups in the grid
 * @param threads in each threadgroup; a multiple of 32
 * @param buffers by argument name; an argument without one is absent
 * @param schedule the order of turns
 * @param seconds after which the dispatch is given up
 * @param inPlace whether a buffer that is written may lie in the memory of another: the kernel is
 *     known to work in place
 */
public record HostLaunch(
    Size3 groups,
    Size3 threads,
    Map<String, HostBuffer> buffers,
    Schedule schedule,
    int seconds,
    boolean inPlace) {
  private static final int DEFAULT_SECONDS = 120;

  /** Copies the map. */
  public HostLaunch {
    buffers = Map.copyOf(buffers);
    if (threads.count() > Size3.MAX_THREADS) {
      throw new IllegalArgumentException(
          "a threadgroup has at most " + Size3.MAX_THREADS + " threads, not " + threads.count());
    }
    if (seconds < 1) {
      throw new IllegalArgumentException("a dispatch needs a time limit of a second or more");
    }
  }

  /** A dispatch in forward order, with the usual time limit. */
  public HostLaunch(Size3 groups, Size3 threads, Map<String, HostBuffer> buffers) {
    this(groups, threads, buffers, Schedule.FORWARD, DEFAULT_SECONDS, false);
  }

  /** The same dispatch in another order. */
  public HostLaunch with(Schedule other) {
    return new HostLaunch(groups, threads, buffers, other, seconds, inPlace);
  }

  /** The same dispatch with another time limit. */
  public HostLaunch within(int limit) {
    return new HostLaunch(groups, threads, buffers, schedule, limit, inPlace);
  }

  /** The same dispatch of a kernel that works in place. */
  public HostLaunch allowingInPlace() {
    return new HostLaunch(groups, threads, buffers, schedule, seconds, true);
  }
}
