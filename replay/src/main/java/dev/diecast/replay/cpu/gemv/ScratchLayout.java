package dev.diecast.replay.cpu.gemv;

/** Hands out the parts of a worker's scratch, as offsets that are multiples of 64. */
final class ScratchLayout {
  private long end;

  /** Offset of the next part; an {@link ArithmeticException} when the sum overflows. */
  long take(long bytes) {
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
