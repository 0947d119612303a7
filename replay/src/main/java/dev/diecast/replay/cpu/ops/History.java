package dev.diecast.replay.cpu.ops;

import dev.diecast.plans.StepState;
import dev.diecast.replay.cpu.Memory;

/** The ring of recent tokens in the step state. */
final class History {
  private History() {}

  static void append(long state, long tokens, int count) {
    int appended = Memory.i32(state + StepState.HISTORY_COUNT);
    for (int i = 0; i < count; i++) {
      Memory.i32(slot(state, appended + i), Memory.i32(tokens + 4L * i));
    }
    Memory.i32(state + StepState.HISTORY_COUNT, appended + count);
  }

  /** How many recent tokens the repetition penalty covers. */
  static int window(long state) {
    int wanted = Memory.i32(state + StepState.REPEAT_WINDOW);
    int there = Memory.i32(state + StepState.HISTORY_COUNT);
    return Math.min(Math.clamp(wanted, 0, StepState.HISTORY_TOKENS), Math.max(there, 0));
  }

  /** The i-th newest token; 0 is the newest. */
  static int recent(long state, int i) {
    return Memory.i32(slot(state, Memory.i32(state + StepState.HISTORY_COUNT) - 1 - i));
  }

  private static long slot(long state, int index) {
    return state + StepState.HISTORY + 4L * Math.floorMod(index, StepState.HISTORY_TOKENS);
  }
}
