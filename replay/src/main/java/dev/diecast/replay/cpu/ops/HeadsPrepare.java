package dev.diecast.replay.cpu.ops;

import dev.diecast.kernels.ArgReader;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Worker;

/**
 * {@code heads_prepare}: everything between the projections and attention, in the bodies of {@code
 * rms_norm}, {@code rope} and {@code kv_write}. An item is one head of a token: first those of q,
 * then of k, then of v.
 *
 * @param turn how heads of q and k are rotated
 * @param qNorm weights of the query norm, or 0
 * @param kNorm weights of the key norm, or 0
 */
record HeadsPrepare(
    Step step,
    int heads,
    int kvHeads,
    int dk,
    int dv,
    Turn turn,
    float eps,
    HeadRows q,
    HeadRows k,
    HeadRows v,
    HeadRows y,
    long qNorm,
    long kNorm,
    CacheTarget keys,
    CacheTarget values)
    implements BoundKernel {

  static BoundKernel bind(Bindings bindings) {
    Step step = Step.of(bindings);
    ArgReader args = bindings.args();
    int heads = args.i32("heads");
    int kvHeads = args.i32("kv_heads");
    int dk = args.i32("dk");
    int dv = args.i32("dv");
    return new HeadsPrepare(
        step,
        heads,
        kvHeads,
        dk,
        dv,
        Turn.bind(bindings, step, dk),
        args.f32("eps"),
        HeadRows.bind(bindings, "q", step, heads, dk),
        HeadRows.bind(bindings, "k", step, kvHeads, dk),
        HeadRows.bind(bindings, "v", step, kvHeads, dv),
        HeadRows.bind(bindings, "y", step, heads, dk),
        norm(bindings, "q_norm", dk),
        norm(bindings, "k_norm", dk),
        CacheTarget.bind(bindings, "k_cache", Math.multiplyExact(kvHeads, dk), "k_row_stride"),
        CacheTarget.bind(bindings, "v_cache", Math.multiplyExact(kvHeads, dv), "v_row_stride"));
  }

  private static long norm(Bindings bindings, String slot, int dk) {
    if (bindings.address(slot) != 0) {
      bindings.require(slot, Span.of(dk).floats());
    }
    return bindings.address(slot);
  }

  @Override
  public long items() {
    step.positionWithin(keys.capacity());
    return step.active() * itemsPerToken();
  }

  private long itemsPerToken() {
    return heads + 2L * kvHeads;
  }

  @Override
  public long grain() {
    return 4;
  }

  /** A key before it is rounded. */
  @Override
  public long scratchBytes() {
    return 4L * dk;
  }

  @Override
  public void run(long from, long to, Worker worker) {
    int position = step.position();
    for (long item = from; item < to; item++) {
      long t = item / itemsPerToken();
      long head = item % itemsPerToken();
      if (head < heads) {
        prepare(q.at(t, head), qNorm, t, y.at(t, head));
      } else if (head < heads + kvHeads) {
        long h = head - heads;
        prepare(k.at(t, h), kNorm, t, worker.scratch());
        KvWrite.scalar(worker.scratch(), keys.at(position + t) + 2L * dk * h, dk);
      } else {
        long h = head - heads - kvHeads;
        KvWrite.scalar(v.at(t, h), values.at(position + t) + 2L * dv * h, dv);
      }
    }
  }

  private void prepare(long x, long norm, long t, long target) {
    if (norm != 0) {
      RmsNorm.vector(x, norm, target, dk, eps);
      turn.head(target, t, target, dk);
    } else {
      turn.head(x, t, target, dk);
    }
  }
}
