package dev.diecast.replay.cpu.gemv;

/**
 * Weights together with what a worker needs to multiply them: the room for packed vectors, and the
 * tile for several vectors at a time.
 */
record Product(Weights weights, PackedVectors packed, PrefillTile tile) {
  /** Vectors that meet a decoded tile at most; bounds the scratch. */
  static final int MAX_VECTORS = 128;

  Matrix matrix() {
    return weights.matrix();
  }

  /** Whether several vectors go through {@link #tile}; otherwise one by one. */
  boolean tiled() {
    return weights.format().tiled() && matrix().cols() % 16 == 0;
  }

  /** Bytes of working room for at most that many vectors. */
  long workBytes(int vectors) {
    return Math.max(weights.format().product().workBytes(), PrefillTile.scratchBytes(vectors));
  }

  /**
   * {@link RowProduct#multiply} of one matrix and the vector x of a slot.
   *
   * @param work address of {@link #workBytes}
   */
  void one(int index, int from, int to, long x, int slot, long scratch, long work, long sums) {
    long vector = packed.of(x, slot, scratch);
    weights.format().product().multiply(weights.at(index), matrix(), from, to, vector, work, sums);
  }

  /** {@link PrefillTile#multiply} of one matrix. */
  void several(int index, int from, int to, int vectors, long table, long transposed, long work) {
    tile.multiply(weights.at(index), matrix(), from, to, vectors, table, transposed, work);
  }
}
