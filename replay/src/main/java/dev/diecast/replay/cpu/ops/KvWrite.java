package dev.diecast.replay.cpu.ops;

import dev.diecast.kernels.ArgReader;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;

/**
 * {@code kv_write}: appends the step's rows to the cache as float16, rounded to nearest even. The
 * rows a step may write depend on its position, so the capacity is checked when it runs.
 */
record KvWrite(Step step, int n, long x, long xRow, CacheTarget cache) implements BoundKernel {
  private static final int CHUNK = 256;

  static BoundKernel bind(Bindings bindings) {
    Step step = Step.of(bindings);
    ArgReader args = bindings.args();
    int n = args.i32("n");
    int xStride = args.i32("x_stride");
    bindings.require("x", Span.of(n).by(step.tokens(), xStride).floats());
    return new KvWrite(
        step,
        n,
        bindings.address("x"),
        4L * xStride,
        CacheTarget.bind(bindings, "cache", n, "row_stride"));
  }

  @Override
  public long items() {
    step.positionWithin(cache.capacity());
    return (long) step.active() * Chunks.in(n, CHUNK);
  }

  @Override
  public long grain() {
    return 2;
  }

  @Override
  public void run(long from, long to, Worker worker) {
    int chunks = Chunks.in(n, CHUNK);
    int position = step.position();
    for (long item = from; item < to; item++) {
      long t = item / chunks;
      int start = (int) (item % chunks) * CHUNK;
      scalar(
          x + t * xRow + 4L * start,
          cache.at(position + t) + 2L * start,
          Math.min(CHUNK, n - start));
    }
  }

  static void scalar(long x, long cache, int n) {
    for (int i = 0; i < n; i++) {
      Memory.i16(cache + 2L * i, Float.floatToFloat16(Memory.f32(x + 4L * i)));
    }
  }
}
