package dev.diecast.replay.cpu.gemv;

import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.ops.SiluMul;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Computes a {@link Segment}. An item is a strip of a few quads of one group's matrix. A group with
 * a single vector goes through {@link Product#one}, more go through {@link Product#several}.
 */
final class SegmentBody {
  private final Product w;
  private final @Nullable Product up;
  private final Results results;
  private final Vectors vectors;
  private final Grouping grouping;
  private final Workspace space;
  private final int quads;
  private final int height;
  private final int strips;
  private final long gate;

  /**
   * A segment in a worker's scratch.
   *
   * @param height quads per strip
   */
  SegmentBody(
      Product w,
      @Nullable Product up,
      Results results,
      Vectors vectors,
      Grouping grouping,
      Workspace space,
      int height,
      ScratchLayout layout) {
    this.w = w;
    this.up = up;
    this.results = results;
    this.vectors = vectors;
    this.grouping = grouping;
    this.space = space;
    this.quads = w.matrix().quads();
    this.height = height;
    this.strips = (quads + height - 1) / height;
    long gated =
        up == null
            ? 0
            : 4L * Math.max(4 * RowProduct.MAX_QUADS, PrefillTile.sumFloats(space.vectors()));
    this.gate = layout.take(gated);
  }

  /** Strips of all groups. */
  long items(int groups) {
    return (long) groups * strips;
  }

  /** Forgets the vectors of the run before. */
  void begin(long scratch) {
    space.transposed().begin(scratch);
    w.packed().begin(scratch);
    if (up != null) {
      up.packed().begin(scratch);
    }
  }

  /** Computes items {@code from} to {@code to}, exclusive, for that many tokens. */
  void run(long from, long to, int tokens, long scratch) {
    long item = from;
    while (item < to) {
      int group = (int) (item / strips);
      int strip = (int) (item % strips);
      int count = (int) Math.min(strips - strip, to - item);
      int first = strip * height;
      int last = Math.min(quads, first + count * height);
      int pairs = grouping.pairs(group, tokens, scratch);
      if (pairs > 1 && w.tiled()) {
        for (int p = 0; p < pairs; p += space.vectors()) {
          several(group, p, Math.min(space.vectors(), pairs - p), first, last, scratch);
        }
      } else {
        for (int p = 0; p < pairs; p++) {
          one(group, p, first, last, scratch);
        }
      }
      item += count;
    }
  }

  private void one(int group, int pair, int first, int last, long scratch) {
    int token = grouping.token(group, pair, scratch);
    int slot = grouping.slot(group, pair, scratch);
    int index = grouping.matrix(group, scratch);
    long x = vectors.at(token, slot, scratch);
    long sums = scratch + space.sums();
    long work = scratch + space.work();
    for (int q = first; q < last; q += RowProduct.MAX_QUADS) {
      int end = Math.min(last, q + RowProduct.MAX_QUADS);
      if (up == null) {
        w.one(index, q, end, x, slot, scratch, work, sums);
      } else {
        w.one(index, q, end, x, slot, scratch, work, scratch + gate);
        up.one(index, q, end, x, slot, scratch, work, sums);
        siluMul(sums, 4 * (end - q), scratch);
      }
      for (int m = 0; m < 4; m++) {
        results.write(w.matrix(), q, end, m, sums + 4L * m, 16, token, slot);
      }
    }
  }

  private void several(int group, int firstPair, int count, int first, int last, long scratch) {
    long table = scratch + space.table();
    vectors.list(grouping, group, firstPair, count, table, scratch);
    int index = grouping.matrix(group, scratch);
    long work = scratch + space.work();
    long transposed = space.transposed(table, count, w.matrix().cols(), scratch);
    long sums = PrefillTile.sums(work, count);
    long stride = PrefillTile.sumStride(count);
    for (int q = first; q < last; q += PrefillTile.MAX_QUADS) {
      int end = Math.min(last, q + PrefillTile.MAX_QUADS);
      w.several(index, q, end, count, table, transposed, work);
      if (up != null) {
        long bytes = 4L * (end - q) * stride;
        MemorySegment.copy(Memory.ALL, sums, Memory.ALL, scratch + gate, bytes);
        up.several(index, q, end, count, table, transposed, work);
        siluMul(sums, (int) (bytes / 4), scratch);
      }
      for (int p = 0; p < count; p++) {
        int token = grouping.token(group, firstPair + p, scratch);
        int slot = grouping.slot(group, firstPair + p, scratch);
        for (int m = 0; m < 4; m++) {
          long sum = sums + m * stride + 4L * p;
          results.write(w.matrix(), q, end, m, sum, 4 * stride, token, slot);
        }
      }
    }
  }

  /** sums = silu(gate) * sums. Whole vectors only, so that a row's result never depends on n. */
  private void siluMul(long sums, int n, long scratch) {
    int whole = (n + 15) / 16 * 16;
    SiluMul.vector(scratch + gate, sums, sums, whole);
  }
}
