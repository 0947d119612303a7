package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.Memory.ALL;
import static dev.diecast.replay.cpu.Memory.LE;
import static dev.diecast.replay.cpu.ops.Lanes.F32;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.diecast.kernels.ArgReader;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;
import jdk.incubator.vector.FloatVector;

/**
 * {@code attention_combine}: joins the splits of a head. With M the largest maximum, split s counts
 * e^(max_s - M); y is the sum of its values divided by the sum of its sums. One item per token and
 * head.
 */
record AttentionCombine(
    Step step, int heads, int dv, int splits, long partial, long y, long yRow, long yHead)
    implements BoundKernel {

  static BoundKernel bind(Bindings bindings) {
    Step step = Step.of(bindings);
    ArgReader args = bindings.args();
    int heads = args.i32("heads");
    int dv = args.i32("dv");
    int splits = args.i32("splits");
    int yStride = args.i32("y_stride");
    int yHeadStride = args.i32("y_head_stride");
    bindings.require("partial", Partial.bytes(step.tokens(), heads, splits, dv));
    bindings.require("y", Span.of(dv).by(heads, yHeadStride).by(step.tokens(), yStride).floats());
    return new AttentionCombine(
        step,
        heads,
        dv,
        splits,
        bindings.address("partial"),
        bindings.address("y"),
        4L * yStride,
        4L * yHeadStride);
  }

  @Override
  public long items() {
    return (long) step.active() * heads;
  }

  @Override
  public long grain() {
    return 2;
  }

  /** The weight of each split. */
  @Override
  public long scratchBytes() {
    return 4L * splits;
  }

  @Override
  public void run(long from, long to, Worker worker) {
    for (long item = from; item < to; item++) {
      long source = partial + item * splits * Partial.bytes(dv);
      long target = y + item / heads * yRow + item % heads * yHead;
      weights(source, Partial.bytes(dv), splits, worker.scratch());
      vector(source, Partial.bytes(dv), splits, worker.scratch(), target, dv);
    }
  }

  /** The share of each split's values in the result. Empty splits get 0. */
  static void weights(long partial, long bytes, int splits, long weights) {
    float max = Float.NEGATIVE_INFINITY;
    for (int s = 0; s < splits; s++) {
      max = Math.max(max, Partial.max(partial + s * bytes));
    }
    double total = 0;
    for (int s = 0; s < splits; s++) {
      float sum = Partial.sum(partial + s * bytes);
      double weight = sum == 0 ? 0 : Math.exp((double) Partial.max(partial + s * bytes) - max);
      Memory.f32(weights + 4L * s, (float) weight);
      total += weight * sum;
    }
    for (int s = 0; s < splits; s++) {
      Memory.f32(weights + 4L * s, (float) (Memory.f32(weights + 4L * s) / total));
    }
  }

  static void vector(long partial, long bytes, int splits, long weights, long y, int dv) {
    int body = F32.loopBound(dv);
    for (int i = 0; i < body; i += Lanes.COUNT) {
      FloatVector sum = FloatVector.zero(F32);
      for (int s = 0; s < splits; s++) {
        float weight = Memory.f32(weights + 4L * s);
        if (weight != 0) { // the values of an empty split are unspecified
          sum =
              fromMemorySegment(F32, ALL, Partial.values(partial + s * bytes) + 4L * i, LE)
                  .fma(FloatVector.broadcast(F32, weight), sum);
        }
      }
      sum.intoMemorySegment(ALL, y + 4L * i, LE);
    }
    scalar(partial, bytes, splits, weights, y, body, dv);
  }

  static void scalar(long partial, long bytes, int splits, long weights, long y, int from, int to) {
    for (int i = from; i < to; i++) {
      float sum = 0;
      for (int s = 0; s < splits; s++) {
        float weight = Memory.f32(weights + 4L * s);
        if (weight != 0) {
          sum = Math.fma(Memory.f32(Partial.values(partial + s * bytes) + 4L * i), weight, sum);
        }
      }
      Memory.f32(y + 4L * i, sum);
    }
  }
}
