package dev.diecast.replay.cpu.gemv;

/**
 * The decode-time body of one weight type: rows of blocks times one vector. A row's sum depends on
 * nothing but the row and the vector, however many rows one call computes.
 */
interface RowProduct {
  /** Quads that one call may compute. */
  int MAX_QUADS = 64;

  /** Bytes of scratch for the packed activations; 64-byte aligned. */
  long packedBytes(int cols);

  /** Bytes of scratch that {@link #multiply} needs beside; 64-byte aligned. */
  default long workBytes() {
    return 4L * MAX_QUADS * Lanes.WIDEST;
  }

  /** Brings the activations into the form that {@link #multiply} reads. */
  void pack(long x, int cols, long packed);

  /**
   * Sums of the quads {@code from} to {@code to}, exclusive, at most {@link #MAX_QUADS}: that of
   * member m of quad q is written to {@code sums[4 * (q - from) + m]}; of rows behind the end, any
   * value.
   *
   * @param w address of the matrix
   * @param packed what {@link #pack} wrote
   * @param work scratch of {@link #workBytes}
   * @param sums address of the float32 results
   */
  void multiply(long w, Matrix matrix, int from, int to, long packed, long work, long sums);
}
