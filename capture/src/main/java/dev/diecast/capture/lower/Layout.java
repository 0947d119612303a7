package dev.diecast.capture.lower;

import dev.diecast.plans.PlanException;

/**
 * Where a value lies: token t's row r starts at {@code offset + 4 * (t * tokenStride + r *
 * rowStride)}. Views are other layouts of the same bytes, so they cost no dispatch.
 *
 * @param region the memory
 * @param offset the first byte
 * @param tokens how many tokens it holds
 * @param tokenStride elements from one token to the next
 * @param rows rows per token
 * @param rowStride elements from one row to the next
 * @param width elements per row
 */
record Layout(
    Region region, long offset, int tokens, long tokenStride, int rows, long rowStride, int width) {
  /** Bytes of an element: float32, or int32 for expert ids. */
  static final long ELEMENT = 4;

  /** Rows side by side, tokens one after the other. */
  static Layout dense(Region region, int tokens, int rows, int width) {
    return new Layout(
        region, 0, tokens, Math.multiplyExact((long) rows, width), rows, width, width);
  }

  /** Bytes of a dense value. */
  static long denseBytes(int tokens, int rows, int width) {
    return Math.multiplyExact(
        Math.multiplyExact(Math.multiplyExact((long) rows, width), tokens), ELEMENT);
  }

  /** All bytes from the first to the last. */
  Span span() {
    long elements =
        Math.addExact(
            Math.addExact(
                Math.multiplyExact(tokens - 1L, tokenStride),
                Math.multiplyExact(rows - 1L, rowStride)),
            width);
    return new Span(region, offset, Math.multiplyExact(elements, ELEMENT));
  }

  /** Bytes of the elements alone. */
  long payloadBytes() {
    return denseBytes(tokens, rows, width);
  }

  /** Elements per token. */
  long elements() {
    return (long) rows * width;
  }

  /** Whether a token's rows lie side by side. */
  boolean dense() {
    return rows == 1 || rowStride == width;
  }

  /** Some columns of each row. */
  Layout columns(int from, int count) {
    if (from < 0 || count < 1 || from > width - count) {
      throw new PlanException("columns " + from + " to " + (from + count) + " of " + width);
    }
    return new Layout(region, offset + from * ELEMENT, tokens, tokenStride, rows, rowStride, count);
  }

  /** The same elements as other rows; an error when gaps between the rows forbid it. */
  Layout reshaped(int newRows, int newWidth) {
    if ((long) newRows * newWidth != elements()) {
      throw new PlanException(
          rows + " x " + width + " elements cannot be " + newRows + " x " + newWidth);
    }
    if (newRows == rows) {
      return this;
    }
    if (!dense()) {
      throw new PlanException(
          "rows of " + width + " elements lie " + rowStride + " apart and cannot be reshaped");
    }
    return new Layout(region, offset, tokens, tokenStride, newRows, newWidth, newWidth);
  }
}
