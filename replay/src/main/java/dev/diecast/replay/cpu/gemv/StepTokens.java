package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.StepState;
import dev.diecast.replay.cpu.Memory;

/**
 * The tokens of a step, T in the contracts.
 *
 * @param max n_tokens of the dispatch
 * @param step address of the step state
 */
record StepTokens(int max, long step) {
  /** {@code min(n_tokens, active)}, read now. */
  int now() {
    return Math.max(0, Math.min(max, Memory.i32(step + StepState.ACTIVE)));
  }
}
