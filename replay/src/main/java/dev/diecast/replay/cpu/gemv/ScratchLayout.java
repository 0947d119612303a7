package dev.diecast.replay.cpu.gemv;

/** Hands out the parts of a worker's scratch, as offsets that are multiples of 64. */
final class ScratchLayout {
  private long end;

  /**
   * Offset of the next part; an {@link ArithmeticException} when the size or the sum overflowed.
   */
  long take(long bytes) {
    if (bytes < 0) {
      throw new ArithmeticException("a scratch part of " + bytes + " bytes");
    }
    long at = end;
    end = Math.addExact(end, aligned(bytes));
    return at;
  }

  /** Bytes of all parts so far. */
  long bytes() {
    return end;
  }

  /** The next multiple of 64. */
  static long aligned(long bytes) {
    return Math.addExact(bytes, 63L) / 64 * 64;
  }
}
