package dev.diecast.replay.cpu.ops;

import dev.diecast.plans.StepState;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;

/** {@code advance}: moves the step state on to the next step and emits the sampled token. */
record Advance(Step step, int ringSize, long ring) implements BoundKernel {
  static BoundKernel bind(Bindings bindings) {
    Step step = Step.whole(bindings);
    int ringSize = bindings.args().i32("ring_size");
    bindings.require("ring", Span.of(ringSize).bytes(Integer.BYTES));
    return new Advance(step, ringSize, bindings.address("ring"));
  }

  @Override
  public long items() {
    return 1;
  }

  @Override
  public long grain() {
    return 1;
  }

  @Override
  public void run(long from, long to, Worker worker) {
    long state = step.address();
    Memory.i32(state + StepState.POSITION, step.position() + step.active());
    if (step.emits()) {
      int token = Memory.i32(state + StepState.SAMPLED);
      long emitted = Memory.i64(state + StepState.EMITTED);
      Memory.i32(state + StepState.TOKEN, token);
      Memory.i32(ring + 4 * Long.remainderUnsigned(emitted, ringSize), token);
      Memory.i64(state + StepState.EMITTED, emitted + 1);
    }
  }
}
