package dev.diecast.replay.cpu.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.KernelTeam;
import java.lang.management.ManagementFactory;

/** Checks that kernels make no objects. */
final class Allocations {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int RUNS = 100;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private Allocations() {}

  /** Fails when the calling worker of a team of two still allocates after many runs. */
  static void assertNoneOnceCompiled(BoundKernel kernel) {
    try (KernelTeam team = new KernelTeam(kernel, 2)) {
      long start = System.nanoTime();
      long allocated = Long.MAX_VALUE;
      while (allocated > 0 && System.nanoTime() - start < PATIENCE_NANOS) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < RUNS; i++) {
          team.run();
        }
        allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(allocated).as("bytes of %s runs", RUNS).isZero();
    }
  }
}
