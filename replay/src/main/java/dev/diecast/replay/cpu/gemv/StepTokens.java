package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.StepState;
import dev.diecast.replay.cpu.Memory;

/**
 * The tokens of a step, T in the contracts. Kernels count the tokens that they compute from 0.
 *
 * @param max n_tokens of the dispatch
 * @param lastOnly whether only the last active token is computed
 * @param step address of the step state
 */
record StepTokens(int max, boolean lastOnly, long step) {
  /** Most tokens that a run computes. */
  int most() {
    return lastOnly ? 1 : max;
  }

  /** Tokens that this run computes. */
  int now() {
    return Math.min(most(), active());
  }

  /** Which of the step's tokens the first computed one is. */
  int first() {
    return lastOnly ? Math.max(0, active() - 1) : 0;
  }

  /** {@code min(n_tokens, active)}, read now. */
  private int active() {
    return Math.clamp(Memory.i32(step + StepState.ACTIVE), 0, max);
  }
}
