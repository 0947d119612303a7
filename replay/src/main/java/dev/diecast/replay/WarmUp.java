package dev.diecast.replay;

/**
 * Throw-away steps at position 0, so that the compiler has seen the kernels before the first real
 * token. The session is as new afterwards.
 */
final class WarmUp {
  private static final int[] ANY_TOKEN = {0};

  private WarmUp() {}

  static void run(Session session, int millis) {
    long start = System.nanoTime();
    long budget = millis * 1_000_000L;
    long slowest = 0;
    // Stops before the step that would overrun.
    while (System.nanoTime() - start + slowest < budget) {
      long before = System.nanoTime();
      session.prefill(ANY_TOKEN);
      session.reset();
      slowest = Math.max(slowest, System.nanoTime() - before);
    }
  }
}
