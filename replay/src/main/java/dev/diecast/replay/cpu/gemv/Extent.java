package dev.diecast.replay.cpu.gemv;

/** Bytes that strided accesses span; saturates, so that what overflows fails its range check. */
final class Extent {
  private long last;

  private Extent(long bytes) {
    this.last = bytes;
  }

  /** One run of bytes. */
  static Extent of(long bytes) {
    return new Extent(bytes);
  }

  /** One run of float32 or int32 values. */
  static Extent ofWords(long count) {
    return new Extent(times(count, 4));
  }

  /** {@code count} copies of it so far, {@code stride} bytes apart. */
  Extent repeated(long count, long stride) {
    long before = times(count - 1, stride);
    last = before > Long.MAX_VALUE - last ? Long.MAX_VALUE : before + last;
    return this;
  }

  long bytes() {
    return last;
  }

  private static long times(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    return high != 0 || low < 0 ? Long.MAX_VALUE : low;
  }
}
