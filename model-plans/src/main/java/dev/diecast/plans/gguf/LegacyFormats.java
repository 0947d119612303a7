package dev.diecast.plans.gguf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32 values with one scale {@code d} and, in the {@code _1} formats, one minimum {@code
 * m}. Four low bits per value lie in 16 bytes: value i in the low half of byte i, value i + 16 in
 * its high half. The fifth bits lie in a 32-bit word, value i in bit i.
 */
final class LegacyFormats {
  private static final int HALF = 16;

  private LegacyFormats() {}

  /** d, 16 bytes: d * (q - 8). */
  static void q4Zero(MemorySegment from, long offset, double[] to, int at) {
    nibbles(from, offset + 2, 0, FloatFormats.half(from, offset), 8, 0, to, at);
  }

  /** d, m, 16 bytes: d * q + m. */
  static void q4One(MemorySegment from, long offset, double[] to, int at) {
    double m = FloatFormats.half(from, offset + 2);
    nibbles(from, offset + 4, 0, FloatFormats.half(from, offset), 0, m, to, at);
  }

  /** d, fifth bits, 16 bytes: d * (q - 16). */
  static void q5Zero(MemorySegment from, long offset, double[] to, int at) {
    int high = from.get(FloatFormats.INT, offset + 2);
    nibbles(from, offset + 6, high, FloatFormats.half(from, offset), 16, 0, to, at);
  }

  /** d, m, fifth bits, 16 bytes: d * q + m. */
  static void q5One(MemorySegment from, long offset, double[] to, int at) {
    double m = FloatFormats.half(from, offset + 2);
    int high = from.get(FloatFormats.INT, offset + 4);
    nibbles(from, offset + 8, high, FloatFormats.half(from, offset), 0, m, to, at);
  }

  /** d, 32 signed bytes: d * q. */
  static void q8Zero(MemorySegment from, long offset, double[] to, int at) {
    double d = FloatFormats.half(from, offset);
    for (int i = 0; i < 2 * HALF; i++) {
      to[at + i] = d * from.get(JAVA_BYTE, offset + 2 + i);
    }
  }

  private static void nibbles(
      MemorySegment from,
      long offset,
      int high,
      double d,
      int zero,
      double m,
      double[] to,
      int at) {
    for (int i = 0; i < HALF; i++) {
      int pair = from.get(JAVA_BYTE, offset + i);
      int low = (pair & 15) | (((high >>> i) & 1) << 4);
      int up = ((pair >>> 4) & 15) | (((high >>> (i + HALF)) & 1) << 4);
      to[at + i] = d * (low - zero) + m;
      to[at + HALF + i] = d * (up - zero) + m;
    }
  }
}
