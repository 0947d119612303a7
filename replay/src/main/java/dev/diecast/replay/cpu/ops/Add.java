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

/** {@code add} and {@code add_bias}: y[t] = a[t] + b[t], where a bias is a b with stride 0. */
record Add(Step step, int n, long a, long b, long y, long aRow, long bRow, long yRow)
    implements BoundKernel {
  private static final int CHUNK = 2048;

  static BoundKernel bindAdd(Bindings bindings) {
    ArgReader args = bindings.args();
    return bind(bindings, "a", args.i32("a_stride"), "b", args.i32("b_stride"));
  }

  static BoundKernel bindBias(Bindings bindings) {
    return bind(bindings, "x", bindings.args().i32("x_stride"), "bias", 0);
  }

  private static BoundKernel bind(Bindings bindings, String a, int aStride, String b, int bStride) {
    Step step = Step.of(bindings);
    ArgReader args = bindings.args();
    int n = args.i32("n");
    int yStride = args.i32("y_stride");
    bindings.require(a, Span.of(n).by(step.tokens(), aStride).floats());
    bindings.require(b, Span.of(n).by(step.tokens(), bStride).floats());
    bindings.require("y", Span.of(n).by(step.tokens(), yStride).floats());
    return new Add(
        step,
        n,
        bindings.address(a),
        bindings.address(b),
        bindings.address("y"),
        4L * aStride,
        4L * bStride,
        4L * yStride);
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
      vector(
          a + t * aRow + 4L * first,
          b + t * bRow + 4L * first,
          y + t * yRow + 4L * first,
          Math.min(CHUNK, n - first));
    }
  }

  static void vector(long a, long b, long y, int n) {
    int body = F32.loopBound(n);
    for (int i = 0; i < body; i += Lanes.COUNT) {
      long at = 4L * i;
      fromMemorySegment(F32, ALL, a + at, LE)
          .add(fromMemorySegment(F32, ALL, b + at, LE))
          .intoMemorySegment(ALL, y + at, LE);
    }
    scalar(a, b, y, body, n);
  }

  static void scalar(long a, long b, long y, int from, int to) {
    for (int i = from; i < to; i++) {
      long at = 4L * i;
      Memory.f32(y + at, Memory.f32(a + at) + Memory.f32(b + at));
    }
  }
}
