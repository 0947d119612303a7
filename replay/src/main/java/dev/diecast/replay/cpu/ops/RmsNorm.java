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

/** {@code rms_norm}: y = x / sqrt(mean(x^2) + eps) * w, one item per row (token and head). */
public record RmsNorm(
    Step step,
    int heads,
    int n,
    float eps,
    boolean lastOnly,
    long x,
    long w,
    long y,
    long xRow,
    long xHead,
    long yRow,
    long yHead)
    implements BoundKernel {

  static BoundKernel bind(Bindings bindings) {
    Step step = Step.of(bindings);
    ArgReader args = bindings.args();
    int heads = args.i32("heads");
    int n = args.i32("n");
    int xStride = args.i32("x_stride");
    int yStride = args.i32("y_stride");
    int xHeadStride = args.i32("x_head_stride");
    int yHeadStride = args.i32("y_head_stride");
    boolean lastOnly = args.i32("last_only") == 1;
    int rows = lastOnly ? 1 : step.tokens();
    bindings.require("x", Span.of(n).by(heads, xHeadStride).by(step.tokens(), xStride).floats());
    bindings.require("y", Span.of(n).by(heads, yHeadStride).by(rows, yStride).floats());
    bindings.require("w", Span.of(n).floats());
    return new RmsNorm(
        step,
        heads,
        n,
        args.f32("eps"),
        lastOnly,
        bindings.address("x"),
        bindings.address("w"),
        bindings.address("y"),
        4L * xStride,
        4L * xHeadStride,
        4L * yStride,
        4L * yHeadStride);
  }

  @Override
  public long items() {
    int active = step.active();
    return (long) heads * (lastOnly ? Math.min(1, active) : active);
  }

  @Override
  public long grain() {
    return Math.max(1, 1024 / n);
  }

  @Override
  public void run(long from, long to, Worker worker) {
    int last = lastOnly ? step.active() - 1 : 0;
    for (long item = from; item < to; item++) {
      long row = item / heads;
      long head = item % heads;
      vector(x + (row + last) * xRow + head * xHead, w, y + row * yRow + head * yHead, n, eps);
    }
  }

  /** The norm of n float32 values; addresses of x, its weights and y, which may be x. */
  public static void vector(long x, long w, long y, int n, float eps) {
    int width = Lanes.COUNT;
    FloatVector sum0 = FloatVector.zero(F32);
    FloatVector sum1 = FloatVector.zero(F32);
    int i = 0;
    for (; i <= n - 2 * width; i += 2 * width) {
      FloatVector x0 = fromMemorySegment(F32, ALL, x + 4L * i, LE);
      FloatVector x1 = fromMemorySegment(F32, ALL, x + 4L * (i + width), LE);
      sum0 = x0.fma(x0, sum0);
      sum1 = x1.fma(x1, sum1);
    }
    sum0 = sum0.add(sum1);
    // Lanes.sum of a vector that is nowhere in memory.
    if (Lanes.COUNT > 8) {
      sum0 = sum0.add(sum0.rearrange(Lanes.BY_8));
    }
    if (Lanes.COUNT > 4) {
      sum0 = sum0.add(sum0.rearrange(Lanes.BY_4));
    }
    sum0 = sum0.add(sum0.rearrange(Lanes.BY_2));
    sum0 = sum0.add(sum0.rearrange(Lanes.BY_1));
    double sum = sum0.lane(0) + squares(x, i, n);
    float scale = scale(sum, n, eps);
    int body = F32.loopBound(n);
    for (int j = 0; j < body; j += width) {
      fromMemorySegment(F32, ALL, x + 4L * j, LE)
          .mul(scale)
          .mul(fromMemorySegment(F32, ALL, w + 4L * j, LE))
          .intoMemorySegment(ALL, y + 4L * j, LE);
    }
    weigh(x, w, y, scale, body, n);
  }

  static void scalar(long x, long w, long y, int n, float eps) {
    weigh(x, w, y, scale(squares(x, 0, n), n, eps), 0, n);
  }

  private static double squares(long x, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      double value = Memory.f32(x + 4L * i);
      sum += value * value;
    }
    return sum;
  }

  private static float scale(double sum, int n, float eps) {
    return (float) (1 / Math.sqrt(sum / n + eps));
  }

  private static void weigh(long x, long w, long y, float scale, int from, int to) {
    for (int i = from; i < to; i++) {
      Memory.f32(y + 4L * i, Memory.f32(x + 4L * i) * scale * Memory.f32(w + 4L * i));
    }
  }
}
