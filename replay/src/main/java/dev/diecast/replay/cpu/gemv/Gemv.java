package dev.diecast.replay.cpu.gemv;

import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;

/**
 * {@code gemv}, {@code head_gemv} and {@code expert_gemv}. An item is one quad of rows of one
 * group's matrix. A group with a single vector goes through the type's {@link RowProduct}, which
 * packs the vector once per worker; more go through {@link PrefillTile}.
 *
 * <p>Worker scratch: the grouping's table, a tag (address of the vector that is packed), the packed
 * vector, vector addresses, row sums, and the working room of whichever body runs.
 */
final class Gemv implements BoundKernel {
  /** Vectors that meet a decoded tile; bounds the scratch. */
  private static final int MAX_VECTORS = 128;

  private final WeightFormat format;
  private final PrefillTile tile;
  private final Matrix matrix;
  private final Operands operands;
  private final Grouping grouping;
  private final StepTokens tokens;
  private final long grain;
  private final long tagAt;
  private final long packedAt;
  private final long tableAt;
  private final long sumsAt;
  private final long workAt;
  private final long scratchBytes;

  Gemv(
      WeightFormat format, Matrix matrix, Operands operands, Grouping grouping, StepTokens tokens) {
    this.format = format;
    this.tile = new PrefillTile(format.type(), format.decoder());
    this.matrix = matrix;
    this.operands = operands;
    this.grouping = grouping;
    this.tokens = tokens;
    this.grain = Grain.quads(matrix, grouping.groups(tokens.max()), tokens.max());
    this.tagAt = grouping.scratchBytes();
    this.packedAt = tagAt + 64;
    this.tableAt = packedAt + aligned(format.product().packedBytes(matrix.cols()));
    int vectors = Math.min(MAX_VECTORS, grouping.maxPairs());
    this.sumsAt = tableAt + aligned(8 * (vectors + 3L));
    this.workAt = sumsAt + aligned(16L * RowProduct.MAX_QUADS);
    this.scratchBytes =
        workAt + Math.max(format.product().workBytes(), PrefillTile.scratchBytes(vectors));
  }

  @Override
  public long items() {
    return (long) grouping.groups(tokens.now()) * matrix.quads();
  }

  @Override
  public long grain() {
    return grain;
  }

  @Override
  public long scratchBytes() {
    return scratchBytes;
  }

  @Override
  public void begin(Worker worker) {
    grouping.begin(tokens.now(), worker.scratch());
    Memory.i64(worker.scratch() + tagAt, 0);
  }

  @Override
  public void run(long from, long to, Worker worker) {
    int now = tokens.now();
    long scratch = worker.scratch();
    int quads = matrix.quads();
    long item = from;
    while (item < to) {
      int group = (int) (item / quads);
      int first = (int) (item % quads);
      int last = (int) Math.min(quads, first + to - item);
      int pairs = grouping.pairs(group, now, scratch);
      if (pairs > 1 && format.tiled() && matrix.cols() % 16 == 0) {
        for (int p = 0; p < pairs; p += MAX_VECTORS) {
          multiplyTiles(group, p, Math.min(MAX_VECTORS, pairs - p), first, last, scratch);
        }
      } else {
        for (int p = 0; p < pairs; p++) {
          multiplyOne(group, p, first, last, scratch);
        }
      }
      item += last - first;
    }
  }

  private void multiplyOne(int group, int pair, int first, int last, long scratch) {
    int token = grouping.token(group, pair, scratch);
    int slot = grouping.slot(group, pair, scratch);
    long w = grouping.matrix(group, scratch);
    long sums = scratch + sumsAt;
    long y = operands.y(token, slot);
    long residual = operands.residual(token);
    pack(operands.x(token, slot), scratch);
    for (int q = first; q < last; q += RowProduct.MAX_QUADS) {
      int end = Math.min(last, q + RowProduct.MAX_QUADS);
      format.product().multiply(w, matrix, q, end, scratch + packedAt, scratch + workAt, sums);
      for (int m = 0; m < 4; m++) {
        finish(q, end, m, sums + 4L * m, 16, y, residual);
      }
    }
  }

  private void pack(long x, long scratch) {
    if (Memory.i64(scratch + tagAt) != x) {
      format.product().pack(x, matrix.cols(), scratch + packedAt);
      Memory.i64(scratch + tagAt, x);
    }
  }

  private void multiplyTiles(
      int group, int firstPair, int vectors, int first, int last, long scratch) {
    long table = scratch + tableAt;
    for (int p = 0; p < (vectors + 3) / 4 * 4; p++) {
      int pair = firstPair + Math.min(p, vectors - 1);
      int token = grouping.token(group, pair, scratch);
      Memory.i64(table + 8L * p, operands.x(token, grouping.slot(group, pair, scratch)));
    }
    long w = grouping.matrix(group, scratch);
    long work = scratch + workAt;
    for (int q = first; q < last; q += PrefillTile.QUADS) {
      int end = Math.min(last, q + PrefillTile.QUADS);
      tile.multiply(w, matrix, q, end, vectors, table, work);
      for (int p = 0; p < vectors; p++) {
        int token = grouping.token(group, firstPair + p, scratch);
        long y = operands.y(token, grouping.slot(group, firstPair + p, scratch));
        long residual = operands.residual(token);
        for (int m = 0; m < 4; m++) {
          long sums = PrefillTile.sum(work, vectors, 0, m, p);
          finish(q, end, m, sums, PrefillTile.QUAD_STRIDE, y, residual);
        }
      }
    }
  }

  /**
   * Writes member m of the quads {@code from} to {@code to} of one result vector.
   *
   * @param sums address of the first quad's sum
   * @param sumStride bytes to the next quad's
   */
  private void finish(
      int from, int to, int member, long sums, long sumStride, long y, long residual) {
    int first = matrix.row(from, member);
    int n = Math.min(to - from, matrix.rows() - first);
    for (int i = 0; i < n; i++) {
      long at = 4L * (first + i);
      float value = Memory.f32(sums + i * sumStride);
      if (operands.bias() != 0) {
        value += Memory.f32(operands.bias() + at);
      }
      if (residual != 0) {
        value += Memory.f32(residual + at);
      }
      Memory.f32(y + at, value);
    }
  }

  private static long aligned(long bytes) {
    return (bytes + 63) / 64 * 64;
  }
}
