package dev.diecast.replay.cpu;

import java.util.concurrent.locks.LockSupport;

/**
 * How a worker waits for the others: it spins briefly, because most waits are a few microseconds,
 * then yields, because a spinning worker costs a descheduled one its time slice, and at last
 * sleeps. Nothing is allocated:
 *
 * <pre>
 * long since = 0;
 * for (long tries = 0; waiting(); tries++) {
 *   since = Backoff.since(tries, since);
 *   if (!Backoff.brief(since)) {
 *     Backoff.nap();
 *   }
 * }
 * </pre>
 */
public final class Backoff {
  private static final int SPINS = 1_000;
  private static final long YIELD_NANOS = 2_000_000;
  private static final long NAP_NANOS = 50_000;

  private Backoff() {}

  /** When spinning ended, on the clock of {@link System#nanoTime()}; 0 while it goes on. */
  public static long since(long tries, long since) {
    return tries == SPINS ? System.nanoTime() : since;
  }

  /** Spins or yields once; false, and at once, when it is time to sleep. */
  @SuppressWarnings("ThreadPriorityCheck") // a hint only; nothing depends on what it does
  public static boolean brief(long since) {
    if (since == 0) {
      Thread.onSpinWait();
      return true;
    }
    if (System.nanoTime() - since < YIELD_NANOS) {
      Thread.yield();
      return true;
    }
    return false;
  }

  /** Sleeps so shortly that nobody needs to wake the thread. */
  public static void nap() {
    LockSupport.parkNanos(NAP_NANOS);
  }
}
