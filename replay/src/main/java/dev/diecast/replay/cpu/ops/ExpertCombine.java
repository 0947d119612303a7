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
 * {@code expert_combine}: y[t] = sum of weights[t][j] * x[t][j], plus residual and shared where
 * they are bound (address 0 where not).
 */
record ExpertCombine(
    Step step,
    int used,
    int n,
    long x,
    long weights,
    long y,
    long residual,
    long shared,
    long xRow,
    long xSlot,
    long weightsRow,
    long yRow,
    long residualRow,
    long sharedRow)
    implements BoundKernel {
  private static final int CHUNK = 512;

  static BoundKernel bind(Bindings bindings) {
    Step step = Step.of(bindings);
    ArgReader args = bindings.args();
    int used = args.i32("n_used");
    int n = args.i32("n");
    int tokens = step.tokens();
    int xStride = args.i32("x_stride");
    int slotStride = args.i32("x_slot_stride");
    int weightsStride = args.i32("weights_stride");
    bindings.require("x", Span.of(n).by(used, slotStride).by(tokens, xStride).floats());
    bindings.require("weights", Span.of(used).by(tokens, weightsStride).floats());
    return new ExpertCombine(
        step,
        used,
        n,
        bindings.address("x"),
        bindings.address("weights"),
        rows(bindings, "y", n, tokens),
        bindings.address("residual") == 0 ? 0 : rows(bindings, "residual", n, tokens),
        bindings.address("shared") == 0 ? 0 : rows(bindings, "shared", n, tokens),
        4L * xStride,
        4L * slotStride,
        4L * weightsStride,
        4L * args.i32("y_stride"),
        4L * args.i32("residual_stride"),
        4L * args.i32("shared_stride"));
  }

  private static long rows(Bindings bindings, String slot, int n, int tokens) {
    int stride = bindings.args().i32(slot + "_stride");
    bindings.require(slot, Span.of(n).by(tokens, stride).floats());
    return bindings.address(slot);
  }

  @Override
  public long items() {
    return (long) step.active() * Chunks.in(n, CHUNK);
  }

  @Override
  public long grain() {
    return 1;
  }

  @Override
  public void run(long from, long to, Worker worker) {
    int chunks = Chunks.in(n, CHUNK);
    for (long item = from; item < to; item++) {
      long t = item / chunks;
      int first = (int) (item % chunks) * CHUNK;
      long skip = 4L * first;
      vector(
          x + t * xRow + skip,
          weights + t * weightsRow,
          residual == 0 ? 0 : residual + t * residualRow + skip,
          shared == 0 ? 0 : shared + t * sharedRow + skip,
          y + t * yRow + skip,
          Math.min(CHUNK, n - first));
    }
  }

  private void vector(long rows, long weight, long base, long extra, long out, int count) {
    int body = F32.loopBound(count);
    for (int i = 0; i < body; i += Lanes.COUNT) {
      long at = 4L * i;
      FloatVector sum =
          base == 0 ? FloatVector.zero(F32) : fromMemorySegment(F32, ALL, base + at, LE);
      if (extra != 0) {
        sum = sum.add(fromMemorySegment(F32, ALL, extra + at, LE));
      }
      for (int j = 0; j < used; j++) {
        FloatVector w = FloatVector.broadcast(F32, Memory.f32(weight + 4L * j));
        sum = fromMemorySegment(F32, ALL, rows + j * xSlot + at, LE).fma(w, sum);
      }
      sum.intoMemorySegment(ALL, out + at, LE);
    }
    scalar(rows, weight, base, extra, out, body, count);
  }

  private void scalar(long rows, long weight, long base, long extra, long out, int from, int to) {
    for (int i = from; i < to; i++) {
      long at = 4L * i;
      float sum = base == 0 ? 0 : Memory.f32(base + at);
      if (extra != 0) {
        sum += Memory.f32(extra + at);
      }
      for (int j = 0; j < used; j++) {
        sum = Math.fma(Memory.f32(rows + j * xSlot + at), Memory.f32(weight + 4L * j), sum);
      }
      Memory.f32(out + at, sum);
    }
  }
}
