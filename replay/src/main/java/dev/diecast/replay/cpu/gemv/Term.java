package dev.diecast.replay.cpu.gemv;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;

/**
 * One term of {@link WeightedSum}: the products of a grouping, each times a factor, added to the
 * sums of its token. The products of one token are added by ascending group.
 *
 * @param factors address of one float32 per slot of a token, or 0 where all are 1
 * @param factorBytes distance of the tokens
 */
record Term(
    Product product,
    Vectors vectors,
    Grouping grouping,
    long factors,
    long factorBytes,
    Workspace space) {

  /**
   * Adds the rows of the quads {@code first} to {@code last}, exclusive, at most {@link
   * RowProduct#MAX_QUADS}.
   *
   * @param sums address of the sums of token 0, four per quad
   * @param sumBytes distance of the tokens; room for whole 512-bit vectors
   */
  void add(int first, int last, int tokens, long scratch, long sums, long sumBytes) {
    int groups = grouping.groups(tokens);
    for (int group = 0; group < groups; group++) {
      int pairs = grouping.pairs(group, tokens, scratch);
      if (pairs > 1 && product.tiled()) {
        for (int p = 0; p < pairs; p += space.vectors()) {
          int count = Math.min(space.vectors(), pairs - p);
          addSeveral(group, p, count, first, last, scratch, sums, sumBytes);
        }
      } else {
        for (int p = 0; p < pairs; p++) {
          addOne(group, p, first, last, scratch, sums, sumBytes);
        }
      }
    }
  }

  private void addOne(
      int group, int pair, int first, int last, long scratch, long sums, long sumBytes) {
    int token = grouping.token(group, pair, scratch);
    int slot = grouping.slot(group, pair, scratch);
    long x = vectors.at(token, slot, scratch);
    long products = scratch + space.sums();
    int index = grouping.matrix(group, scratch);
    product.one(index, first, last, x, slot, scratch, scratch + space.work(), products);
    addScaled(products, factor(token, slot), sums + token * sumBytes, 4 * (last - first));
  }

  private void addSeveral(
      int group,
      int firstPair,
      int count,
      int first,
      int last,
      long scratch,
      long sums,
      long sumBytes) {
    long table = scratch + space.table();
    long work = scratch + space.work();
    vectors.list(grouping, group, firstPair, count, table, scratch);
    int index = grouping.matrix(group, scratch);
    long transposed = space.transposed(table, count, product.matrix().cols(), scratch);
    long stride = PrefillTile.sumStride(count);
    for (int q = first; q < last; q += PrefillTile.MAX_QUADS) {
      int end = Math.min(last, q + PrefillTile.MAX_QUADS);
      product.several(index, q, end, count, table, transposed, work);
      for (int p = 0; p < count; p++) {
        int token = grouping.token(group, firstPair + p, scratch);
        float factor = factor(token, grouping.slot(group, firstPair + p, scratch));
        long to = sums + token * sumBytes + 16L * (q - first);
        long from = PrefillTile.sums(work, count) + 4L * p;
        for (int r = 0; r < 4 * (end - q); r++) {
          float value = Memory.f32(from + r * stride);
          Memory.f32(to + 4L * r, Math.fma(value, factor, Memory.f32(to + 4L * r)));
        }
      }
    }
  }

  private float factor(int token, int slot) {
    return factors == 0 ? 1 : Memory.f32(factors + token * factorBytes + 4L * slot);
  }

  private static void addScaled(long x, float factor, long sums, int n) {
    FloatVector scale = FloatVector.broadcast(Lanes.F, factor);
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector sum =
          FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, sums + 4L * i, Memory.LE);
      FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, x + 4L * i, Memory.LE)
          .fma(scale, sum)
          .intoMemorySegment(Memory.ALL, sums + 4L * i, Memory.LE);
    }
  }
}
