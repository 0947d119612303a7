package dev.diecast.replay;

import dev.diecast.plans.PlanException;

/**
 * How a session uses the machine.
 *
 * @param threads workers of the cpu device, the calling thread included
 * @param warmUpMillis how long opening may replay throw-away steps, so that the first tokens
 *     already run compiled code; 0 is off
 * @param metal how the metal device works
 */
public record SessionOptions(int threads, int warmUpMillis, MetalOptions metal) {
  private static final int MOST_THREADS = 256;
  // Decoding is bound by memory bandwidth, which fewer cores than that saturate.
  private static final int USUAL_THREADS = 16;

  /** Refuses values outside their range with a {@link PlanException}. */
  public SessionOptions {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new PlanException("threads is " + threads + ", it must be 1 to " + MOST_THREADS);
    }
    if (warmUpMillis < 0) {
      throw new PlanException("the warm-up is " + warmUpMillis + " ms, it must be 0 or more");
    }
  }

  /** One worker per available processor, at most 16; no warm-up. */
  public static SessionOptions defaults() {
    return new SessionOptions(
        Math.min(Runtime.getRuntime().availableProcessors(), USUAL_THREADS),
        0,
        MetalOptions.defaults());
  }

  /** The same with that many workers. */
  public SessionOptions withThreads(int count) {
    return new SessionOptions(count, warmUpMillis, metal);
  }

  /** The same with that warm-up. */
  public SessionOptions withWarmUpMillis(int millis) {
    return new SessionOptions(threads, millis, metal);
  }

  /** The same with another way of working on Metal. */
  public SessionOptions withMetal(MetalOptions options) {
    return new SessionOptions(threads, warmUpMillis, options);
  }
}
