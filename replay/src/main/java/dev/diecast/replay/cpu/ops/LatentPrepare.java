package dev.diecast.replay.cpu.ops;

import dev.diecast.kernels.ArgReader;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.CpuKernel;
import dev.diecast.replay.cpu.Worker;
import java.util.Map;

/**
 * {@code latent_prepare}: queries and cache rows of MLA with an absorbed key matrix, in the bodies
 * of the plain kernels for head products, rotations, norms and the cache. The first items are the
 * heads, each for all tokens, so that its weights are read once; then comes one item per token, the
 * cache row.
 *
 * @param nope values of a query head before the rotated ones
 * @param latent values of a cache row before the rotated ones
 * @param absorb from the first {@code nope} values of a head in q to the first {@code latent} in y
 * @param q query heads
 * @param y the same, absorbed
 * @param kv one row per token
 * @param norm address of the weights of the latent's norm
 */
record LatentPrepare(
    Step step,
    int heads,
    int nope,
    int latent,
    Turn turn,
    HeadProducts absorb,
    HeadRows q,
    HeadRows y,
    HeadRows kv,
    long norm,
    float eps,
    CacheTarget cache)
    implements BoundKernel {

  static BoundKernel bind(Bindings bindings, Map<String, CpuKernel> kernels) {
    Step step = Step.of(bindings);
    ArgReader args = bindings.args();
    int heads = args.i32("heads");
    int nope = args.i32("nope");
    int latent = args.i32("latent");
    int rotated = args.i32("n_rot");
    int width = Math.addExact(latent, rotated);
    int kvStride = args.i32("kv_stride");
    bindings.require("kv", Span.of(width).by(step.tokens(), kvStride).floats());
    bindings.require("norm", Span.of(latent).floats());
    return new LatentPrepare(
        step,
        heads,
        nope,
        latent,
        Turn.bind(bindings, step, rotated),
        absorb(bindings, kernels, heads, nope, latent),
        HeadRows.bind(bindings, "q", step, heads, Math.addExact(nope, rotated)),
        HeadRows.bind(bindings, "y", step, heads, width),
        new HeadRows(bindings.address("kv"), 4L * kvStride, 0),
        bindings.address("norm"),
        args.f32("eps"),
        CacheTarget.bind(bindings, "cache", width, "row_stride"));
  }

  private static HeadProducts absorb(
      Bindings bindings, Map<String, CpuKernel> kernels, int heads, int nope, int latent) {
    ArgReader args = bindings.args();
    boolean transposed = transposed(bindings.constant("transposed"));
    return HeadProducts.bind(
        kernels,
        bindings,
        new HeadProducts.Matrices(
            "w", transposed, heads, transposed ? nope : latent, transposed ? latent : nope),
        new HeadProducts.Place("q", 0, args.i32("q_stride"), args.i32("q_head_stride")),
        new HeadProducts.Place("y", 0, args.i32("y_stride"), args.i32("y_head_stride")));
  }

  private static boolean transposed(long constant) {
    if (constant != 0 && constant != 1) {
      throw new IllegalArgumentException("constant 'transposed' is " + constant);
    }
    return constant == 1;
  }

  @Override
  public long items() {
    step.positionWithin(cache.capacity());
    int active = step.active();
    return active == 0 ? 0 : (long) heads + active;
  }

  @Override
  public long grain() {
    return 1;
  }

  /** What the products need, or a cache row before it is rounded. */
  @Override
  public long scratchBytes() {
    return Math.max(absorb.scratchBytes(), 4L * width());
  }

  private int width() {
    return latent + 2 * turn.pairs();
  }

  @Override
  public void run(long from, long to, Worker worker) {
    for (long item = from; item < to; item++) {
      if (item < heads) {
        query(item, worker);
      } else {
        append(item - heads, worker.scratch());
      }
    }
  }

  private void query(long h, Worker worker) {
    absorb.run(h, worker);
    int active = step.active();
    for (int t = 0; t < active; t++) {
      turn.head(q.at(t, h) + 4L * nope, t, y.at(t, h) + 4L * latent, 2 * turn.pairs());
    }
  }

  private void append(long t, long row) {
    long source = kv.at(t, 0);
    RmsNorm.vector(source, norm, row, latent, eps);
    turn.head(source + 4L * latent, t, row + 4L * latent, 2 * turn.pairs());
    KvWrite.scalar(row, cache.at(step.position() + t), width());
  }
}
