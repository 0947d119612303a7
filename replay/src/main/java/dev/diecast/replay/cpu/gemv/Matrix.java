package dev.diecast.replay.cpu.gemv;

/**
 * Shape of a weight matrix, and how work on it is cut: a quad is four rows that lie a quarter of
 * the matrix apart. Four neighbouring rows in one loop would be faster to compute too, but memory
 * then delivers a fraction of its speed: the four streams meet in the same pages and confuse the
 * prefetcher.
 *
 * @param rows rows, or rows of one head or expert
 * @param cols values per row
 * @param rowBytes distance of the rows
 */
record Matrix(int rows, int cols, long rowBytes) {
  /** Number of quads. Some rows of the last quads lie behind the end when rows is no multiple. */
  int quads() {
    return (rows + 3) / 4;
  }

  /** The member-th row of a quad; it may lie behind the end. */
  int row(int quad, int member) {
    return quad + member * quads();
  }

  /** The same, or the last row instead of one behind the end. */
  int existingRow(int quad, int member) {
    return Math.min(row(quad, member), rows - 1);
  }

  /** Members of a quad that lie before the end: 4, but 1 to 3 in the last quads of some shapes. */
  int members(int quad) {
    return Math.min(4, (rows - 1 - quad) / quads() + 1);
  }

  /** Bytes from a member of a quad to the next. */
  long memberStride() {
    return quads() * rowBytes;
  }
}
