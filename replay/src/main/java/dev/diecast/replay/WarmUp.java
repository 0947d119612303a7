package dev.diecast.replay;

/**
 * Throw-away steps at position 0, before the first real token: the compiler has then seen the
 * kernels, a GPU has the weights mapped and its clocks up. The session is as new afterwards.
 *
 * @param steps how many ran; 0 without a warm-up
 * @param coldNanos how long the first took
 * @param warmNanos how long the fastest took
 */
public record WarmUp(int steps, long coldNanos, long warmNanos) {
  private static final int[] ANY_TOKEN = {0};

  static WarmUp run(Session session, int millis) {
    long start = System.nanoTime();
    long budget = millis * 1_000_000L;
    int steps = 0;
    long cold = 0;
    long slowest = 0;
    long fastest = Long.MAX_VALUE;
    // Stops before the step that would overrun.
    while (System.nanoTime() - start + slowest < budget) {
      long before = System.nanoTime();
      session.prefill(ANY_TOKEN);
      session.reset();
      long took = System.nanoTime() - before;
      cold = steps == 0 ? took : cold;
      slowest = Math.max(slowest, took);
      fastest = Math.min(fastest, took);
      steps++;
    }
    return new WarmUp(steps, cold, steps == 0 ? 0 : fastest);
  }
}
