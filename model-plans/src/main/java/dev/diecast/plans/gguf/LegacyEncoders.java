package dev.diecast.plans.gguf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** The inverse of {@link LegacyFormats}. */
final class LegacyEncoders {
  private static final int BLOCK = 32;

  private LegacyEncoders() {}

  static void q4Zero(float[] from, int at, MemorySegment to, long offset) {
    double d = BlockEncoder.half(to, offset, extreme(from, at) / -8);
    nibbles(from, at, to, offset + 2, d, 0, 8, 15);
  }

  static void q4One(float[] from, int at, MemorySegment to, long offset) {
    double m = BlockEncoder.half(to, offset + 2, least(from, at));
    double d = BlockEncoder.half(to, offset, (most(from, at) - m) / 15);
    nibbles(from, at, to, offset + 4, d, m, 0, 15);
  }

  static void q5Zero(float[] from, int at, MemorySegment to, long offset) {
    double d = BlockEncoder.half(to, offset, extreme(from, at) / -16);
    to.set(FloatFormats.INT, offset + 2, nibbles(from, at, to, offset + 6, d, 0, 16, 31));
  }

  static void q5One(float[] from, int at, MemorySegment to, long offset) {
    double m = BlockEncoder.half(to, offset + 2, least(from, at));
    double d = BlockEncoder.half(to, offset, (most(from, at) - m) / 31);
    to.set(FloatFormats.INT, offset + 4, nibbles(from, at, to, offset + 8, d, m, 0, 31));
  }

  static void q8Zero(float[] from, int at, MemorySegment to, long offset) {
    double d = BlockEncoder.half(to, offset, Math.abs(extreme(from, at)) / 127);
    for (int i = 0; i < BLOCK; i++) {
      to.set(JAVA_BYTE, offset + 2 + i, (byte) BlockEncoder.step(from[at + i], d, -127, 127));
    }
  }

  /** Writes the low four bits and returns the fifth ones. */
  private static int nibbles(
      float[] from, int at, MemorySegment to, long offset, double d, double m, int zero, int top) {
    int high = 0;
    for (int i = 0; i < BLOCK / 2; i++) {
      int low = BlockEncoder.step(from[at + i] - m, d, -zero, top - zero) + zero;
      int up = BlockEncoder.step(from[at + BLOCK / 2 + i] - m, d, -zero, top - zero) + zero;
      to.set(JAVA_BYTE, offset + i, (byte) ((low & 15) | ((up & 15) << 4)));
      high |= ((low >>> 4) << i) | ((up >>> 4) << (i + BLOCK / 2));
    }
    return high;
  }

  /** The value of the greatest magnitude, with its sign. */
  private static double extreme(float[] from, int at) {
    double low = least(from, at);
    double high = most(from, at);
    return -low > high ? low : high;
  }

  private static double least(float[] from, int at) {
    double least = from[at];
    for (int i = 1; i < BLOCK; i++) {
      least = Math.min(least, from[at + i]);
    }
    return least;
  }

  private static double most(float[] from, int at) {
    double most = from[at];
    for (int i = 1; i < BLOCK; i++) {
      most = Math.max(most, from[at + i]);
    }
    return most;
  }
}
