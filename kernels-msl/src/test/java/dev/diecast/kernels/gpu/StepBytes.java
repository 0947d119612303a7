package dev.diecast.kernels.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A step state, as step.h lays it out. */
final class StepBytes {
  static final int TOKEN = 0;
  static final int POSITION = 4;
  static final int ACTIVE = 8;
  static final int EMIT = 12;
  static final int EMITTED = 16;
  static final int SEED = 24;
  static final int TEMPERATURE = 32;
  static final int TOP_K = 36;
  static final int TOP_P = 40;
  static final int MIN_P = 44;
  static final int REPEAT_PENALTY = 48;
  static final int REPEAT_WINDOW = 52;
  static final int SAMPLED = 56;
  static final int HISTORY_COUNT = 60;
  static final int HISTORY = 64;
  static final int HISTORY_TOKENS = 256;

  private final byte[] bytes;
  private final ByteBuffer state;

  StepBytes() {
    this(new byte[HISTORY + 4 * HISTORY_TOKENS]);
    put(ACTIVE, 1).put(TOP_P, 1f).put(REPEAT_PENALTY, 1f);
  }

  StepBytes(byte[] initial) {
    bytes = initial.clone();
    state = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  StepBytes position(int position) {
    return put(POSITION, position);
  }

  StepBytes active(int active) {
    return put(ACTIVE, active);
  }

  StepBytes put(int offset, int value) {
    state.putInt(offset, value);
    return this;
  }

  StepBytes put(int offset, float value) {
    state.putFloat(offset, value);
    return this;
  }

  StepBytes put(int offset, long value) {
    state.putLong(offset, value);
    return this;
  }

  int get(int offset) {
    return state.getInt(offset);
  }

  byte[] bytes() {
    return bytes.clone();
  }
}
