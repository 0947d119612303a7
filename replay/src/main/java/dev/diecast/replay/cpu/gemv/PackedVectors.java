package dev.diecast.replay.cpu.gemv;

import dev.diecast.replay.cpu.Memory;

/**
 * Room in a worker's scratch for vectors in the form that a {@link RowProduct} reads, one per slot.
 * A vector is packed when a run first needs it; a tag, the vector's address, tells which one is
 * there.
 *
 * @param tags offset of the tags, int64
 * @param vectors offset of the packed vectors
 * @param vectorBytes distance of the packed vectors
 */
record PackedVectors(
    RowProduct product, int cols, int slots, long tags, long vectors, long vectorBytes) {
  /** Room for {@code slots} vectors of {@code cols} values. */
  static PackedVectors in(ScratchLayout layout, RowProduct product, int cols, int slots) {
    long tags = layout.take(8L * slots);
    long bytes = ScratchLayout.aligned(product.packedBytes(cols));
    long vectors = layout.take(Math.multiplyExact(slots, bytes));
    return new PackedVectors(product, cols, slots, tags, vectors, bytes);
  }

  /** Forgets the vectors of the run before. */
  void begin(long scratch) {
    for (int s = 0; s < slots; s++) {
      Memory.i64(scratch + tags + 8L * s, 0);
    }
  }

  /** Address of the packed vector x of a slot. */
  long of(long x, int slot, long scratch) {
    int s = slot % slots;
    long tag = scratch + tags + 8L * s;
    long packed = scratch + vectors + s * vectorBytes;
    if (Memory.i64(tag) != x) {
      product.pack(x, cols, packed);
      Memory.i64(tag, x);
    }
    return packed;
  }
}
