package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Counters of what has finished, two int32 per token and kv head: splits, and heads whose splits
 * were joined. Whoever joins the last head makes both zero again.
 *
 * @param base address of the first
 * @param pairs tokens times kv heads
 */
record Tickets(long base, long pairs) {
  private static final VarHandle COUNTER = ValueLayout.JAVA_INT.varHandle();
  private static final int BYTES = 2 * Integer.BYTES;
  private static final int SPINS = 1_000;
  private static final long YIELD_NANOS = 2_000_000;
  private static final long NAP_NANOS = 50_000;

  /** Slot {@code tickets}. */
  static Tickets bind(Bindings bindings, int tokens, int kvHeads) {
    long pairs = (long) tokens * kvHeads;
    bindings.require("tickets", Math.multiplyExact(pairs, (long) BYTES));
    long base = bindings.address("tickets");
    if (base % Integer.BYTES != 0) {
      throw new IllegalArgumentException("slot 'tickets' is not aligned to 4 bytes");
    }
    return new Tickets(base, pairs);
  }

  /** Counts a split. */
  void splitDone(long pair) {
    increment(splits(pair));
  }

  /**
   * Returns when that many splits are done, and what they wrote can be read. Waits like a worker at
   * a barrier: most waits are as short as the difference of two splits, and a core may be shared.
   */
  void awaitSplits(long pair, int count) {
    long counter = splits(pair);
    for (int i = 0; i < SPINS; i++) {
      if (read(counter) >= count) {
        return;
      }
      Thread.onSpinWait();
    }
    long start = System.nanoTime();
    while (read(counter) < count) {
      if (System.nanoTime() - start < YIELD_NANOS) {
        giveWay();
      } else {
        LockSupport.parkNanos(this, NAP_NANOS);
      }
    }
  }

  /** Counts a joined head, of that many that there will be. */
  void headJoined(long pair, int count) {
    if (increment(heads(pair)) == count - 1) {
      clear(pair);
    }
  }

  /** Makes everything zero. */
  void clear() {
    for (long pair = 0; pair < pairs; pair++) {
      clear(pair);
    }
  }

  private void clear(long pair) {
    Memory.i32(splits(pair), 0);
    Memory.i32(heads(pair), 0);
  }

  private long splits(long pair) {
    return base + BYTES * pair;
  }

  private long heads(long pair) {
    return splits(pair) + Integer.BYTES;
  }

  private static int read(long counter) {
    return (int) COUNTER.getAcquire(Memory.ALL, counter);
  }

  /** Adds 1; returns what was there. */
  private static int increment(long counter) {
    return (int) COUNTER.getAndAdd(Memory.ALL, counter, 1);
  }

  @SuppressWarnings("ThreadPriorityCheck") // a hint only; nothing depends on what it does
  private static void giveWay() {
    Thread.yield();
  }
}
