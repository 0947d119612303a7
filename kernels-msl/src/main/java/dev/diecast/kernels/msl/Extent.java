package dev.diecast.kernels.msl;

/**
 * How much room a type takes.
 *
 * @param bytes its size
 * @param alignment in bytes, a power of two
 */
record Extent(long bytes, long alignment) {

  /** This many of it, one after the other. */
  Extent times(long count) {
    return new Extent(Math.multiplyExact(bytes, count), alignment);
  }

  /** An offset rounded up to a multiple of an alignment. */
  static long align(long offset, long alignment) {
    return Math.multiplyExact(Math.ceilDiv(offset, alignment), alignment);
  }
}
