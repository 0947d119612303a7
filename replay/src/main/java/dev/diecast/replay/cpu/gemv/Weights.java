package dev.diecast.replay.cpu.gemv;

/**
 * Matrices of one type and shape.
 *
 * @param format the type's bodies
 * @param matrix shape of each
 * @param base address of the first
 * @param stride bytes to the next (head or expert)
 */
record Weights(WeightFormat format, Matrix matrix, long base, long stride) {
  /** Address of a matrix. */
  long at(int index) {
    return base + index * stride;
  }

  /** Bytes of a quad of rows. */
  long quadBytes() {
    return 4 * matrix.rowBytes();
  }
}
