package dev.diecast.tools.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Heap bytes that the threads allocate which live when the meter is made. */
final class AllocationMeter {
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final long[] ids = threads.getAllThreadIds();

  /** Bytes per thread up to now, -1 for a thread that has ended. */
  long[] read() {
    return threads.getThreadAllocatedBytes(ids);
  }

  /** What was allocated since a reading. A second reading tells what reading itself costs. */
  long since(long[] reading) {
    long[] now = read();
    long[] again = read();
    long sum = 0;
    for (int i = 0; i < now.length; i++) {
      if (reading[i] >= 0 && now[i] >= 0) {
        sum += now[i] - reading[i] - Math.max(0, again[i] - now[i]);
      }
    }
    return Math.max(0, sum);
  }
}
