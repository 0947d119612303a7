package dev.diecast.replay;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.diecast.plans.StepState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The step state as it was when the host took its last token, while the device may be further. Two
 * facts make this exact: a decode step changes the state in a way that its tokens determine, and
 * keys and values behind the position are never read.
 */
final class StepMirror {
  private static final ValueLayout.OfInt I32 =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment state = MemorySegment.ofArray(new byte[(int) StepState.BYTES]);
  private int consumed;

  /** Starts from what the device has; nothing may be under way. */
  void begin(StepBuffers device) {
    device.read(state);
  }

  /** Follows one emitting decode step that chose {@code next}. */
  void follow(int next) {
    consumed = state.get(I32, StepState.TOKEN);
    int count = state.get(I32, StepState.HISTORY_COUNT);
    state.set(I32, historySlot(count), consumed);
    state.set(I32, StepState.HISTORY_COUNT, count + 1);
    state.set(I32, StepState.POSITION, position() + 1);
    state.set(I32, StepState.TOKEN, next);
    state.set(I32, StepState.SAMPLED, next);
    state.set(I64, StepState.EMITTED, emitted() + 1);
  }

  int position() {
    return state.get(I32, StepState.POSITION);
  }

  long emitted() {
    return state.get(I64, StepState.EMITTED);
  }

  /** Makes the device forget the steps beyond the mirror; nothing may be under way. */
  void restore(StepBuffers device) {
    device.write(state);
  }

  /**
   * Makes the device's next step the last one that was followed, once more: it writes the same
   * keys, values and history again, and its logits.
   */
  void rewindOne(StepBuffers device) {
    int position = position();
    int count = state.get(I32, StepState.HISTORY_COUNT);
    int next = state.get(I32, StepState.TOKEN);
    state.set(I32, StepState.POSITION, position - 1);
    state.set(I32, StepState.HISTORY_COUNT, count - 1);
    state.set(I32, StepState.TOKEN, consumed);
    device.write(state);
    state.set(I32, StepState.POSITION, position);
    state.set(I32, StepState.HISTORY_COUNT, count);
    state.set(I32, StepState.TOKEN, next);
  }

  private static long historySlot(int index) {
    return StepState.HISTORY + 4L * Math.floorMod(index, StepState.HISTORY_TOKENS);
  }
}
