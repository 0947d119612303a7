package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;

/**
 * {@code rope_angles}: cos and sin of every rotation of the step's tokens. In float64, because a
 * float32 angle of some thousand radians is off in its fourth decimal; scalar, because it is a few
 * dozen values per token.
 */
record RopeAngles(Step step, int pairs, float magnitude, long frequencies, long y)
    implements BoundKernel {

  static BoundKernel bind(Bindings bindings) {
    Step step = Step.of(bindings);
    int pairs = Rope.pairs(bindings.args().i32("n_rot"));
    bindings.require("inv_freq", Span.of(pairs).bytes(Double.BYTES));
    bindings.require("y", Span.of(2L * pairs).by(step.tokens(), 2 * pairs).floats());
    return new RopeAngles(
        step,
        pairs,
        bindings.args().f32("magnitude"),
        bindings.address("inv_freq"),
        bindings.address("y"));
  }

  @Override
  public long items() {
    return step.active();
  }

  @Override
  public long grain() {
    return 1;
  }

  @Override
  public void run(long from, long to, Worker worker) {
    for (long t = from; t < to; t++) {
      scalar(frequencies, (double) step.position() + t, magnitude, pairs, y + 8L * pairs * t);
    }
  }

  static void scalar(long frequencies, double position, float magnitude, int pairs, long y) {
    for (int i = 0; i < pairs; i++) {
      double angle = Double.longBitsToDouble(Memory.i64(frequencies + 8L * i)) * position;
      Memory.f32(y + 8L * i, (float) (Math.cos(angle) * magnitude));
      Memory.f32(y + 8L * i + 4, (float) (Math.sin(angle) * magnitude));
    }
  }
}
