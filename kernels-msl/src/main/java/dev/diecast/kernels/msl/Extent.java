package dev.diecast.kernels.msl;

import java.util.Optional;

/**
 * How much room a type takes.
 *
 * @param bytes its size
 * @param alignment in bytes, a power of two
 */
record Extent(long bytes, long alignment) {

  /** More than any device has; sums of sizes below it do not overflow. */
  private static final long MOST_BYTES = 1L << 36;

  /** This many of it, one after the other; empty for sizes that make no sense. */
  Optional<Extent> times(long count) {
    boolean sound = count >= 0 && count <= MOST_BYTES / Math.max(1, bytes);
    return sound ? Optional.of(new Extent(bytes * count, alignment)) : Optional.empty();
  }

  /** An offset rounded up to a multiple of an alignment. */
  static long align(long offset, long alignment) {
    return Math.multiplyExact(Math.ceilDiv(offset, alignment), alignment);
  }
}
