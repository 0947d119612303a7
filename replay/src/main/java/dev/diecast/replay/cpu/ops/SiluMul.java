package dev.diecast.replay.cpu.ops;

import dev.diecast.kernels.ArgReader;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;

/**
 * {@code silu_mul}: y = gate * sigmoid(gate) * up. Computed as gate / (1 + e^-gate) * up; e^-gate
 * saturates instead of overflowing, so that very negative gates give 0.
 */
public record SiluMul(Step step, int slots, int n, Rows gate, Rows up, Rows y)
    implements BoundKernel {
  private static final int CHUNK = 512;

  /** Where the row of a token and slot starts. */
  private record Rows(long base, long row, long slot) {
    static Rows of(Bindings bindings, String name, int tokens, int slots, int n) {
      int stride = bindings.args().i32(name + "_stride");
      int slotStride = bindings.args().i32(name + "_slot_stride");
      bindings.require(name, Span.of(n).by(slots, slotStride).by(tokens, stride).floats());
      return new Rows(bindings.address(name), 4L * stride, 4L * slotStride);
    }

    long at(long t, long j) {
      return base + t * row + j * slot;
    }
  }

  static BoundKernel bind(Bindings bindings) {
    Step step = Step.of(bindings);
    ArgReader args = bindings.args();
    int slots = args.i32("n_slots");
    int n = args.i32("n");
    return new SiluMul(
        step,
        slots,
        n,
        Rows.of(bindings, "gate", step.tokens(), slots, n),
        Rows.of(bindings, "up", step.tokens(), slots, n),
        Rows.of(bindings, "y", step.tokens(), slots, n));
  }

  @Override
  public long items() {
    return (long) step.active() * slots * Chunks.in(n, CHUNK);
  }

  @Override
  public long grain() {
    return 2;
  }

  @Override
  public void run(long from, long to, Worker worker) {
    int chunks = Chunks.in(n, CHUNK);
    for (long item = from; item < to; item++) {
      long row = item / chunks;
      long t = row / slots;
      long j = row % slots;
      int first = (int) (item % chunks) * CHUNK;
      long skip = 4L * first;
      vector(
          gate.at(t, j) + skip, up.at(t, j) + skip, y.at(t, j) + skip, Math.min(CHUNK, n - first));
    }
  }

  /** y = silu(gate) * up for n float32 values; y may be either. */
  public static void vector(long gate, long up, long y, int n) {
    Exp.siluMul(gate, up, y, n);
    scalar(gate, up, y, Lanes.F32.loopBound(n), n);
  }

  static void scalar(long gate, long up, long y, int from, int to) {
    for (int i = from; i < to; i++) {
      long at = 4L * i;
      double g = Memory.f32(gate + at);
      Memory.f32(y + at, (float) (g / (1 + Math.exp(-g)) * Memory.f32(up + at)));
    }
  }
}
