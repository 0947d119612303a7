package dev.diecast.replay.cpu.gemv;

/**
 * Offsets in a worker's scratch of what products use while they run.
 *
 * @param vectors most vectors of a {@link Product#several}
 * @param table their addresses
 * @param sums of a {@link Product#one}, 4 per quad
 * @param work room of whichever body runs
 * @param transposed the vectors of a {@link Product#several} once more
 */
record Workspace(int vectors, long table, long sums, long work, TransposedVectors transposed) {
  /**
   * Room for one product at a time.
   *
   * @param pairs most vectors that meet one matrix
   */
  static Workspace in(ScratchLayout layout, int pairs, Iterable<Product> products) {
    int vectors = Math.min(Product.MAX_VECTORS, pairs);
    long work = 0;
    int cols = 0;
    for (Product product : products) {
      work = Math.max(work, product.workBytes(vectors));
      cols = Math.max(cols, product.tiled() ? product.matrix().cols() : 0);
    }
    return new Workspace(
        vectors,
        layout.take(8 * (vectors + 3L)),
        layout.take(16L * RowProduct.MAX_QUADS),
        layout.take(work),
        TransposedVectors.in(layout, cols == 0 ? 0 : vectors, cols));
  }

  /**
   * Address of the vectors in the order in which {@link PrefillTile#byToken} reads them, 0 where it
   * does not.
   *
   * @param addresses address of their addresses
   */
  long transposed(long addresses, int count, int cols, long scratch) {
    return PrefillTile.byToken(count) ? transposed.of(addresses, count, cols, scratch) : 0;
  }
}
