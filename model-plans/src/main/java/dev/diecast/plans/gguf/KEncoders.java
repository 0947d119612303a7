package dev.diecast.plans.gguf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** The inverse of {@link KFormats}. */
final class KEncoders {
  private static final int SUB_BLOCKS = 8;
  private static final int SUB_BLOCK = 32;
  private static final int TOP_SCALE = 63;

  private KEncoders() {}

  static void q4(float[] from, int at, MemorySegment to, long offset) {
    int[] quants = scaled(from, at, to, offset, 15);
    nibbles(quants, to, offset + 16);
  }

  static void q5(float[] from, int at, MemorySegment to, long offset) {
    int[] quants = scaled(from, at, to, offset, 31);
    for (int i = 0; i < SUB_BLOCK; i++) {
      int fifth = 0;
      for (int j = 0; j < SUB_BLOCKS; j++) {
        fifth |= (quants[j * SUB_BLOCK + i] >>> 4) << j;
      }
      to.set(JAVA_BYTE, offset + 16 + i, (byte) fifth);
    }
    nibbles(quants, to, offset + 48);
  }

  static void q6(float[] from, int at, MemorySegment to, long offset) {
    double[] scales = new double[16];
    double most = 0;
    for (int j = 0; j < 16; j++) {
      double extreme = 0;
      for (int i = 0; i < 16; i++) {
        double value = from[at + 16 * j + i];
        extreme = Math.abs(value) > Math.abs(extreme) ? value : extreme;
      }
      scales[j] = extreme / -32;
      most = Math.max(most, Math.abs(scales[j]));
    }
    double d = BlockEncoder.half(to, offset + 208, most / 127);
    to.asSlice(offset, 192).fill((byte) 0);
    for (int j = 0; j < 16; j++) {
      int scale = BlockEncoder.step(scales[j], d, -128, 127);
      to.set(JAVA_BYTE, offset + 192 + j, (byte) scale);
      for (int v = 16 * j; v < 16 * j + 16; v++) {
        six(to, offset, v, BlockEncoder.step(from[at + v], d * scale, -32, 31) + 32);
      }
    }
  }

  private static void six(MemorySegment to, long offset, int v, int q) {
    int half = v / 128;
    int run = v / SUB_BLOCK % 4;
    int i = v % SUB_BLOCK;
    int low = 64 * half + SUB_BLOCK * (run % 2) + i;
    int high = 128 + SUB_BLOCK * half + i;
    or(to, offset + low, (q & 15) << (4 * (run / 2)));
    or(to, offset + high, (q >>> 4) << (2 * run));
  }

  private static void or(MemorySegment to, long offset, int bits) {
    to.set(JAVA_BYTE, offset, (byte) (to.get(JAVA_BYTE, offset) | bits));
  }

  /** Writes d, dmin and the packed scales of Q4_K or Q5_K; returns the quants, 0 to top. */
  private static int[] scaled(float[] from, int at, MemorySegment to, long offset, int top) {
    double[] scales = new double[SUB_BLOCKS];
    double[] minima = new double[SUB_BLOCKS];
    for (int j = 0; j < SUB_BLOCKS; j++) {
      double least = 0; // a minimum is never above zero in this format
      double most = 0;
      for (int i = 0; i < SUB_BLOCK; i++) {
        least = Math.min(least, from[at + j * SUB_BLOCK + i]);
        most = Math.max(most, from[at + j * SUB_BLOCK + i]);
      }
      scales[j] = (most - least) / top;
      minima[j] = -least;
    }
    double d = BlockEncoder.half(to, offset, most(scales) / TOP_SCALE);
    double dmin = BlockEncoder.half(to, offset + 2, most(minima) / TOP_SCALE);
    int[] quants = new int[SUB_BLOCKS * SUB_BLOCK];
    int[] scale = new int[SUB_BLOCKS];
    int[] min = new int[SUB_BLOCKS];
    for (int j = 0; j < SUB_BLOCKS; j++) {
      scale[j] = BlockEncoder.step(scales[j], d, 0, TOP_SCALE);
      min[j] = BlockEncoder.step(minima[j], dmin, 0, TOP_SCALE);
      for (int i = j * SUB_BLOCK; i < (j + 1) * SUB_BLOCK; i++) {
        quants[i] = BlockEncoder.step(from[at + i] + dmin * min[j], d * scale[j], 0, top);
      }
    }
    pack(scale, min, to, offset + 4);
    return quants;
  }

  private static void pack(int[] scale, int[] min, MemorySegment to, long packed) {
    for (int j = 0; j < 4; j++) {
      to.set(JAVA_BYTE, packed + j, (byte) (scale[j] | ((scale[j + 4] >>> 4) << 6)));
      to.set(JAVA_BYTE, packed + j + 4, (byte) (min[j] | ((min[j + 4] >>> 4) << 6)));
      to.set(JAVA_BYTE, packed + j + 8, (byte) ((scale[j + 4] & 15) | ((min[j + 4] & 15) << 4)));
    }
  }

  private static void nibbles(int[] quants, MemorySegment to, long offset) {
    for (int b = 0; b < SUB_BLOCKS / 2 * SUB_BLOCK; b++) {
      int v = b / SUB_BLOCK * 2 * SUB_BLOCK + b % SUB_BLOCK;
      int pair = (quants[v] & 15) | ((quants[v + SUB_BLOCK] & 15) << 4);
      to.set(JAVA_BYTE, offset + b, (byte) pair);
    }
  }

  private static double most(double[] values) {
    double most = 0;
    for (double value : values) {
      most = Math.max(most, value);
    }
    return most;
  }
}
