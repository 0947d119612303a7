package dev.diecast.tools.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Heap bytes that all living threads have allocated so far. */
final class AllocationMeter {
  private static final int CALIBRATIONS = 8;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final long[] ids = threads.getAllThreadIds();
  private final long ownCost;

  AllocationMeter() {
    long cost = Long.MAX_VALUE;
    for (int i = 0; i < CALIBRATIONS; i++) {
      long before = read();
      cost = Math.min(cost, read() - before);
    }
    ownCost = cost;
  }

  /** A reading; threads that start later are not in it. */
  long read() {
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(ids)) {
      sum += Math.max(0, bytes); // -1: the thread has ended
    }
    return sum;
  }

  /** What was allocated since a reading, without what reading itself allocates. */
  long since(long reading) {
    return Math.max(0, read() - reading - ownCost);
  }
}
