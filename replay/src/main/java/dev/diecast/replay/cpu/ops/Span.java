package dev.diecast.replay.cpu.ops;

/**
 * Bytes from the first to the last value of a strided block: {@code Span.of(n).by(tokens, stride)}
 * is what {@code tokens} rows of {@code n} values take when a row starts every {@code stride}
 * values. Sizes and strides that are negative or overflow are refused.
 */
record Span(long values) {
  static Span of(long width) {
    if (width < 1) {
      throw new IllegalArgumentException("a row of " + width + " values");
    }
    return new Span(width);
  }

  /** That many of these blocks, one every {@code stride} values. */
  Span by(int count, int stride) {
    if (count < 1 || stride < 0) {
      throw new IllegalArgumentException(count + " rows with a stride of " + stride);
    }
    return new Span(Math.addExact(values, Math.multiplyExact((long) (count - 1), (long) stride)));
  }

  /** The bytes when a value takes {@code each}. */
  long bytes(int each) {
    return Math.multiplyExact(values, (long) each);
  }

  /** The bytes of float32 values. */
  long floats() {
    return bytes(Float.BYTES);
  }
}
