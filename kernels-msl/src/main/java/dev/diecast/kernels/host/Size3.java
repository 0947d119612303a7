package dev.diecast.kernels.host;

/**
 * How many threadgroups or threads there are along each axis, each at least 1.
 *
 * @param x along the axis whose index changes fastest
 * @param y along the second axis
 * @param z along the third axis
 */
public record Size3(long x, long y, long z) {
  /** Metal's limit on the threads of a threadgroup. */
  public static final long MAX_THREADS = 1024;

  private static final long MOST = Integer.MAX_VALUE;

  /** Sizes that a dispatch can have. */
  public Size3 {
    if (Math.min(x, Math.min(y, z)) < 1 || x > MOST || y > MOST / x || z > MOST / x / y) {
      throw new IllegalArgumentException(
          "sizes from 1 with a product below 2^31 wanted, not " + x + " " + y + " " + z);
    }
  }

  /** One axis. */
  public static Size3 of(long x) {
    return new Size3(x, 1, 1);
  }

  /** All of them. */
  public long count() {
    return x * y * z;
  }

  @Override
  public String toString() {
    return x + " " + y + " " + z;
  }
}
