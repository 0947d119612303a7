package dev.diecast.replay.cpu.gemv;

/**
 * The decode-time body of one weight type: rows of blocks times one vector. A row's sum depends on
 * nothing but the row and the vector, however many rows one call computes.
 */
interface RowProduct {
  /** Rows that one call may compute. */
  int MAX_ROWS = 256;

  /** Bytes of scratch for the packed activations; 64-byte aligned. */
  long packedBytes(int cols);

  /** Bytes of scratch that {@link #multiply} needs beside; 64-byte aligned. */
  default long workBytes() {
    return (long) MAX_ROWS * Lanes.WIDEST;
  }

  /** Brings the activations into the form that {@link #multiply} reads. */
  void pack(long x, int cols, long packed);

  /**
   * {@code sums[r] = row[r] . x} for {@code rows} rows, at most {@link #MAX_ROWS}.
   *
   * @param w address of the first row
   * @param rowBytes distance of the rows
   * @param cols values of a row
   * @param packed what {@link #pack} wrote
   * @param work scratch of {@link #workBytes}
   * @param sums address of the float32 results
   */
  void multiply(long w, long rowBytes, int rows, int cols, long packed, long work, long sums);
}
