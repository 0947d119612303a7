package dev.diecast.plans.gguf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** The k-quants: super-blocks of 256 values whose sub-blocks have quantised scales. */
final class KFormats {
  private static final int SUB_BLOCKS = 8;
  private static final int SUB_BLOCK = 32;

  private KFormats() {}

  /**
   * Q4_K: d, dmin, 12 bytes of packed scales and minima, 128 bytes of quants. Sub-block j has 32
   * values: d * scale(j) * q - dmin * min(j). Two sub-blocks share 32 bytes, low halves first.
   */
  static void q4(MemorySegment from, long offset, double[] to, int at) {
    for (int j = 0; j < SUB_BLOCKS; j++) {
      double scale = FloatFormats.half(from, offset) * scale(from, offset + 4, j);
      double min = FloatFormats.half(from, offset + 2) * min(from, offset + 4, j);
      long quants = offset + 16 + SUB_BLOCK * (long) (j / 2);
      for (int i = 0; i < SUB_BLOCK; i++) {
        int q = nibble(from, quants + i, j);
        to[at + j * SUB_BLOCK + i] = scale * q - min;
      }
    }
  }

  /** Q5_K: as Q4_K, with 32 bytes of fifth bits before the quants: bit j of byte i. */
  static void q5(MemorySegment from, long offset, double[] to, int at) {
    for (int j = 0; j < SUB_BLOCKS; j++) {
      double scale = FloatFormats.half(from, offset) * scale(from, offset + 4, j);
      double min = FloatFormats.half(from, offset + 2) * min(from, offset + 4, j);
      long quants = offset + 48 + SUB_BLOCK * (long) (j / 2);
      for (int i = 0; i < SUB_BLOCK; i++) {
        int fifth = (unsigned(from, offset + 16 + i) >>> j) & 1;
        int q = nibble(from, quants + i, j) | (fifth << 4);
        to[at + j * SUB_BLOCK + i] = scale * q - min;
      }
    }
  }

  /**
   * Q6_K: 128 bytes of low halves, 64 bytes of upper bit pairs, 16 signed scales, d. Each 128
   * values are four runs of 32: runs 0 and 1 take the low halves of 64 bytes, 2 and 3 the high
   * ones, and run r takes bit pair r of 32 bytes. A scale serves 16 values: d * scale * (q - 32).
   */
  static void q6(MemorySegment from, long offset, double[] to, int at) {
    double d = FloatFormats.half(from, offset + 208);
    for (int v = 0; v < SUB_BLOCKS * SUB_BLOCK; v++) {
      int half = v / 128;
      int run = v / SUB_BLOCK % 4;
      int i = v % SUB_BLOCK;
      long lows = offset + i + 64L * half + SUB_BLOCK * (long) (run % 2);
      long highs = offset + i + 128 + SUB_BLOCK * (long) half;
      int low = nibble(from, lows, run / 2);
      int high = (unsigned(from, highs) >>> (2 * run)) & 3;
      int scale = from.get(JAVA_BYTE, offset + 192 + v / 16);
      to[at + v] = d * scale * ((low | (high << 4)) - 32);
    }
  }

  /** Six bits of scale j: the first four lie plainly, the others in two pieces. */
  static int scale(MemorySegment from, long packed, int j) {
    return j < 4
        ? unsigned(from, packed + j) & 63
        : (unsigned(from, packed + j + 4) & 15) | ((unsigned(from, packed + j - 4) >>> 6) << 4);
  }

  /** Six bits of minimum j, packed likewise. */
  static int min(MemorySegment from, long packed, int j) {
    return j < 4
        ? unsigned(from, packed + j + 4) & 63
        : (unsigned(from, packed + j + 4) >>> 4) | ((unsigned(from, packed + j) >>> 6) << 4);
  }

  private static int nibble(MemorySegment from, long offset, int which) {
    return (unsigned(from, offset) >>> (4 * (which & 1))) & 15;
  }

  private static int unsigned(MemorySegment from, long offset) {
    return from.get(JAVA_BYTE, offset) & 0xff;
  }
}
