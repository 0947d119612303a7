package dev.diecast.replay.cpu.ops;

import dev.diecast.plans.StepState;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.Memory;

/** What kernels read of the step state. */
record Step(long address, int tokens) {
  /** The step of a dispatch with slot {@code step} and argument {@code n_tokens}. */
  static Step of(Bindings bindings) {
    return of(bindings, StepState.EMITTED);
  }

  /** The same for a kernel that also touches the fields behind {@link StepState#EMIT}. */
  static Step whole(Bindings bindings) {
    return of(bindings, StepState.BYTES);
  }

  private static Step of(Bindings bindings, long bytes) {
    bindings.require("step", bytes);
    int tokens = bindings.args().i32("n_tokens");
    if (tokens < 1) {
      throw new IllegalArgumentException("n_tokens is " + tokens);
    }
    return new Step(bindings.address("step"), tokens);
  }

  /** Tokens of this step: T in the catalogue. */
  int active() {
    return Math.clamp(Memory.i32(address + StepState.ACTIVE), 0, tokens);
  }

  /** Position of the step's first token. */
  int position() {
    return Memory.i32(address + StepState.POSITION);
  }

  /** The same, checked: all of the step's tokens lie inside a cache of that capacity. */
  int positionWithin(int capacity) {
    int position = position();
    if (position < 0 || position > capacity - active()) {
      throw new IllegalStateException(
          "positions "
              + position
              + " to "
              + ((long) position + active() - 1)
              + " do not fit a KV cache of "
              + capacity);
    }
    return position;
  }

  boolean emits() {
    return Memory.i32(address + StepState.EMIT) == 1;
  }
}
