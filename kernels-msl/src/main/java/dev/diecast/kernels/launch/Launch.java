package dev.diecast.kernels.launch;

/**
 * The size of a dispatch.
 *
 * @param x threadgroups
 * @param y threadgroups
 * @param z threadgroups
 * @param threads threads per threadgroup, all in x: a multiple of 32, at most 1024
 */
public record Launch(long x, long y, long z, int threads) {
  /** Checks the limits that all devices share. */
  public Launch {
    if (x < 1 || y < 1 || z < 1) {
      throw new IllegalArgumentException("a grid of " + x + " by " + y + " by " + z);
    }
    if (threads < 32 || threads > 1024 || threads % 32 != 0) {
      throw new IllegalArgumentException(threads + " threads per threadgroup");
    }
  }

  /** A row of threadgroups. */
  public static Launch row(long x, int threads) {
    return new Launch(x, 1, 1, threads);
  }

  /** Threadgroups of {@code size} that cover {@code count}; one at least. */
  public static long cover(long count, long size) {
    return Math.max(1, Math.ceilDiv(count, size));
  }
}
