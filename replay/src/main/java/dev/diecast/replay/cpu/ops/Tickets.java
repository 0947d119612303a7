package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Backoff;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Counters of what has finished, two int32 per token and kv head: splits, and heads whose splits
 * were joined. Whoever joins the last head makes both zero again.
 *
 * @param base address of the first
 */
record Tickets(long base) {
  private static final VarHandle COUNTER = ValueLayout.JAVA_INT.varHandle();
  private static final int BYTES = 2 * Integer.BYTES;

  /** Slot {@code tickets}. */
  static Tickets bind(Bindings bindings, int tokens, int kvHeads) {
    long pairs = (long) tokens * kvHeads;
    bindings.require("tickets", Math.multiplyExact(pairs, (long) BYTES));
    long base = bindings.address("tickets");
    if (base % Integer.BYTES != 0) {
      throw new IllegalArgumentException("slot 'tickets' is not aligned to 4 bytes");
    }
    return new Tickets(base);
  }

  /** Counts a split. */
  void splitDone(long pair) {
    increment(splits(pair));
  }

  /**
   * Returns when that many splits are done, and what they wrote can be read. Most waits are as
   * short as the difference of two splits.
   */
  void awaitSplits(long pair, int count) {
    long counter = splits(pair);
    long since = 0;
    for (long tries = 0; read(counter) < count; tries++) {
      since = Backoff.since(tries, since);
      if (!Backoff.brief(since)) {
        Backoff.nap();
      }
    }
  }

  /** Counts a joined head, of that many that there will be. */
  void headJoined(long pair, int count) {
    if (increment(heads(pair)) == count - 1) {
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
}
