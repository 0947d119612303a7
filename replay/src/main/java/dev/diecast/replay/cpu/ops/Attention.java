package dev.diecast.replay.cpu.ops;

import dev.diecast.kernels.ArgReader;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;

/**
 * {@code attention}: one item is a token, a kv head and a split of the positions, for all query
 * heads that share the kv head, so that each cached row is read and widened once. Positions go in
 * tiles: widen k (and v, unless v is the start of the same rows, as with MLA), score, update the
 * running maximum and sum (online softmax, Milakov and Gimelshein 2018), add the weighted v rows.
 * The running sums live in {@code partial} itself.
 *
 * <p>Split s of a token with n visible positions covers n s / splits to n (s + 1) / splits.
 */
record Attention(
    Step step,
    int heads,
    int kvHeads,
    int splits,
    int capacity,
    float scale,
    Queries q,
    CacheRows k,
    CacheRows v,
    long partial)
    implements BoundKernel {
  /** Query rows by token and head; strides in bytes. */
  record Queries(long base, long row, long head) {}

  /** Cached rows by position and kv head, {@code width} float16 values each; strides in bytes. */
  record CacheRows(long base, int width, long row, long head) {
    boolean startsWith(CacheRows other) {
      return base == other.base && row == other.row && head == other.head && other.width <= width;
    }
  }

  static BoundKernel bind(Bindings bindings) {
    Step step = Step.of(bindings);
    ArgReader args = bindings.args();
    int heads = args.i32("heads");
    int kvHeads = args.i32("kv_heads");
    if (kvHeads < 1 || heads < 1 || heads % kvHeads != 0) {
      throw new IllegalArgumentException(heads + " heads do not share " + kvHeads + " kv heads");
    }
    int splits = args.i32("splits");
    int dk = args.i32("dk");
    int dv = args.i32("dv");
    int qStride = args.i32("q_stride");
    int qHeadStride = args.i32("q_head_stride");
    bindings.require("q", Span.of(dk).by(heads, qHeadStride).by(step.tokens(), qStride).floats());
    bindings.require("partial", Partial.bytes(step.tokens(), heads, splits, dv));
    return new Attention(
        step,
        heads,
        kvHeads,
        splits,
        args.i32("capacity"),
        args.f32("scale"),
        new Queries(bindings.address("q"), 4L * qStride, 4L * qHeadStride),
        cache(bindings, "k", dk, kvHeads),
        cache(bindings, "v", dv, kvHeads),
        bindings.address("partial"));
  }

  private static CacheRows cache(Bindings bindings, String slot, int width, int kvHeads) {
    ArgReader args = bindings.args();
    int row = args.i32(slot + "_row_stride");
    int head = args.i32(slot + "_head_stride");
    Span span = Span.of(width).by(kvHeads, head).by(args.i32("capacity"), row);
    bindings.require(slot, span.bytes(Short.BYTES));
    return new CacheRows(bindings.address(slot), width, 2L * row, 2L * head);
  }

  @Override
  public long items() {
    step.positionWithin(capacity);
    return (long) step.active() * kvHeads * splits;
  }

  @Override
  public long grain() {
    return 1;
  }

  /** A tile of widened k rows, one of v rows, and a tile's scores. */
  @Override
  public long scratchBytes() {
    return Tile.SCORE_BYTES + Tile.bytes(k.width()) + Tile.bytes(v.width());
  }

  @Override
  public void run(long from, long to, Worker worker) {
    int position = step.position();
    for (long item = from; item < to; item++) {
      long t = item / splits / kvHeads;
      int kvHead = (int) (item / splits % kvHeads);
      int split = (int) (item % splits);
      long visible = position + t + 1;
      int begin = (int) (visible * split / splits);
      int end = (int) (visible * (split + 1) / splits);
      split(t, kvHead, split, begin, end, worker.scratch());
    }
  }

  private void split(long t, int kvHead, int split, int begin, int end, long scratch) {
    int group = heads / kvHeads;
    int firstHead = kvHead * group;
    long bytesPerPartial = Partial.bytes(v.width());
    long bytesPerHead = splits * bytesPerPartial;
    long out = partial + (t * heads + firstHead) * bytesPerHead + split * bytesPerPartial;
    for (int h = 0; h < group; h++) {
      Partial.clear(out + h * bytesPerHead, v.width());
    }
    long keys = scratch + Tile.SCORE_BYTES;
    boolean shared = k.startsWith(v);
    long values = shared ? keys : keys + Tile.bytes(k.width());
    long valueRow = Tile.rowBytes(shared ? k.width() : v.width());
    for (int p = begin; p < end; p += Tile.ROWS) {
      int rows = Math.min(Tile.ROWS, end - p);
      widen(k, kvHead, p, rows, keys);
      if (!shared) {
        widen(v, kvHead, p, rows, values);
      }
      for (int h = 0; h < group; h++) {
        long query = q.base() + t * q.row() + (firstHead + h) * q.head();
        long sums = out + h * bytesPerHead;
        Tile.scores(query, keys, k.width(), rows, scratch);
        float decay = Tile.weigh(scratch, rows, scale, sums);
        Tile.accumulate(scratch, rows, decay, values, valueRow, v.width(), Partial.values(sums));
      }
    }
  }

  private static void widen(CacheRows cache, int kvHead, int position, int rows, long tile) {
    long source = cache.base() + kvHead * cache.head() + position * cache.row();
    for (int i = 0; i < rows; i++) {
      Halves.widen(
          source + i * cache.row(), tile + i * Tile.rowBytes(cache.width()), cache.width());
    }
  }

  /** The same item, straight from the definition in float64: the reference of the tests. */
  static void scalar(
      long q,
      long k,
      long kRow,
      int dk,
      long v,
      long vRow,
      int dv,
      int begin,
      int end,
      float scale,
      long out) {
    double max = Double.NEGATIVE_INFINITY;
    for (int p = begin; p < end; p++) {
      max = Math.max(max, dot(q, k + p * kRow, dk) * scale);
    }
    double sum = 0;
    double[] values = new double[dv];
    for (int p = begin; p < end; p++) {
      double w = Math.exp(dot(q, k + p * kRow, dk) * scale - max);
      sum += w;
      for (int d = 0; d < dv; d++) {
        values[d] += w * Memory.f16(v + p * vRow + 2L * d);
      }
    }
    Memory.f32(out, (float) max);
    Memory.f32(out + 4, (float) sum);
    for (int d = 0; d < dv; d++) {
      Memory.f32(out + 8 + 4L * d, (float) values[d]);
    }
  }

  private static double dot(long q, long k, int n) {
    double sum = 0;
    for (int d = 0; d < n; d++) {
      sum += (double) Memory.f32(q + 4L * d) * Memory.f16(k + 2L * d);
    }
    return sum;
  }
}
