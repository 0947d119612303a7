package dev.diecast.tools.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** How fast this machine's cores read memory when they do nothing else. */
public final class MemoryStream implements AutoCloseable {
  private static final long BYTES = 256L << 20;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(BYTES, 4096);
  private final int threads;
  private final long[] sums;

  /** Reads with that many threads. */
  public MemoryStream(int threads) {
    this.threads = threads;
    this.sums = new long[threads];
    memory.fill((byte) 1);
  }

  /** Reads all of a memory that no cache holds, once; bytes per second. */
  public double read() {
    Thread[] team = new Thread[threads];
    long start = System.nanoTime();
    for (int i = 0; i < threads; i++) {
      int member = i;
      team[i] = Thread.ofPlatform().start(() -> sums[member] = sum(share(member)));
    }
    for (Thread thread : team) {
      join(thread);
    }
    return BYTES * 1e9 / (System.nanoTime() - start);
  }

  private MemorySegment share(int member) {
    long each = BYTES / threads / Long.BYTES * Long.BYTES;
    return memory.asSlice(member * each, each);
  }

  /** Several sums, so that none waits for the one before. */
  private static long sum(MemorySegment share) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    int end = (int) (share.byteSize() / Long.BYTES) / 4 * 4;
    for (int i = 0; i < end; i += 4) {
      a += share.getAtIndex(JAVA_LONG, i);
      b += share.getAtIndex(JAVA_LONG, i + 1);
      c += share.getAtIndex(JAVA_LONG, i + 2);
      d += share.getAtIndex(JAVA_LONG, i + 3);
    }
    return a + b + c + d;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring memory", e);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
