package dev.diecast.replay.cpu.ops;

import dev.diecast.kernels.ArgReader;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;

/**
 * {@code route}: chooses each token's experts and their weights. In float64, because an expert that
 * flips over a rounding error changes the output far more than the error does; scalar, because it
 * is a few hundred values. A NaN logit is never chosen before a number; ids are always distinct and
 * in range.
 */
record Route(
    Step step,
    int experts,
    int used,
    boolean softmax,
    boolean normalise,
    float weightScale,
    long logits,
    long bias,
    long ids,
    long weights,
    long logitsRow,
    long idsRow,
    long weightsRow)
    implements BoundKernel {
  private static final double LEAST_SUM = 6.103515625e-5;

  static BoundKernel bind(Bindings bindings) {
    Step step = Step.of(bindings);
    ArgReader args = bindings.args();
    int experts = args.i32("n_expert");
    int used = args.i32("n_used");
    if (used > experts) {
      throw new IllegalArgumentException("chooses " + used + " of " + experts + " experts");
    }
    int gating = args.i32("gating");
    if (gating != 1 && gating != 2) {
      throw new IllegalArgumentException("gating is " + gating);
    }
    int logitsStride = args.i32("logits_stride");
    int idsStride = args.i32("ids_stride");
    int weightsStride = args.i32("weights_stride");
    bindings.require("logits", Span.of(experts).by(step.tokens(), logitsStride).floats());
    bindings.require("ids", Span.of(used).by(step.tokens(), idsStride).bytes(Integer.BYTES));
    bindings.require("weights", Span.of(used).by(step.tokens(), weightsStride).floats());
    if (bindings.address("bias") != 0) {
      bindings.require("bias", Span.of(experts).floats());
    }
    return new Route(
        step,
        experts,
        used,
        gating == 1,
        args.i32("norm") == 1,
        args.f32("weight_scale"),
        bindings.address("logits"),
        bindings.address("bias"),
        bindings.address("ids"),
        bindings.address("weights"),
        4L * logitsStride,
        4L * idsStride,
        4L * weightsStride);
  }

  @Override
  public long items() {
    return step.active();
  }

  @Override
  public long grain() {
    return 1;
  }

  /** Two float64 per expert: its probability, and its score until it is chosen. */
  @Override
  public long scratchBytes() {
    return 16L * experts;
  }

  @Override
  public void run(long from, long to, Worker worker) {
    for (long t = from; t < to; t++) {
      token(logits + t * logitsRow, ids + t * idsRow, weights + t * weightsRow, worker.scratch());
    }
  }

  private void token(long logit, long id, long weight, long scratch) {
    long scores = scratch + 8L * experts;
    probabilities(logit, scratch);
    for (int e = 0; e < experts; e++) {
      double score = f64(scratch + 8L * e) + (bias == 0 ? 0 : Memory.f32(bias + 4L * e));
      // NaN would never compare: rank it below every number.
      f64(scores + 8L * e, Double.isNaN(score) ? -Double.MAX_VALUE : score);
    }
    double sum = 0;
    for (int j = 0; j < used; j++) {
      int best = best(scores);
      f64(scores + 8L * best, Double.NaN); // taken
      Memory.i32(id + 4L * j, best);
      sum += f64(scratch + 8L * best);
    }
    double factor = (normalise ? 1 / Math.max(sum, LEAST_SUM) : 1) * weightScale;
    for (int j = 0; j < used; j++) {
      double p = f64(scratch + 8L * Memory.i32(id + 4L * j));
      Memory.f32(weight + 4L * j, (float) (p * factor));
    }
  }

  private void probabilities(long logit, long out) {
    double max = Double.NEGATIVE_INFINITY;
    for (int e = 0; e < experts; e++) {
      max = Math.max(max, Memory.f32(logit + 4L * e));
    }
    double sum = 0;
    for (int e = 0; e < experts; e++) {
      double value = Memory.f32(logit + 4L * e);
      double p = softmax ? Math.exp(value - max) : 1 / (1 + Math.exp(-value));
      f64(out + 8L * e, p);
      sum += p;
    }
    for (int e = 0; softmax && e < experts; e++) {
      f64(out + 8L * e, f64(out + 8L * e) / sum);
    }
  }

  /** The first expert not yet taken with the highest score. */
  private int best(long scores) {
    int best = -1;
    double most = Double.NEGATIVE_INFINITY;
    for (int e = 0; e < experts; e++) {
      double score = f64(scores + 8L * e);
      if (score > most || (best < 0 && score == most)) {
        best = e;
        most = score;
      }
    }
    return best;
  }

  private static double f64(long address) {
    return Double.longBitsToDouble(Memory.i64(address));
  }

  private static void f64(long address, double value) {
    Memory.i64(address, Double.doubleToRawLongBits(value));
  }
}
