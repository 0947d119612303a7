package dev.diecast.replay.cpu.gemv;

import static dev.diecast.replay.cpu.Memory.f16;
import static dev.diecast.replay.cpu.Memory.f32;
import static dev.diecast.replay.cpu.Memory.i16;
import static dev.diecast.replay.cpu.Memory.i32;
import static dev.diecast.replay.cpu.Memory.i8;

import dev.diecast.plans.gguf.TensorType;

/**
 * Block decoding one value at a time: the reference that the vector bodies are tested against, and
 * what runs where {@code diecast.cpu.vector} is {@code scalar}. The block layouts are ggml's
 * ({@code ggml-common.h}).
 */
final class ScalarBlocks {
  private ScalarBlocks() {}

  /** The decoder of a runnable type. */
  static BlockDecoder of(TensorType type) {
    BlockToFloats block =
        switch (type) {
          case F32 -> (p, y) -> f32(y, f32(p));
          case F16 -> (p, y) -> f32(y, f16(p));
          case BF16 -> (p, y) -> f32(y, Float.intBitsToFloat(i16(p) << 16));
          case Q8_0 -> ScalarBlocks::q80;
          case Q4_0 -> ScalarBlocks::q40;
          case Q4_1 -> ScalarBlocks::q41;
          case Q5_0 -> ScalarBlocks::q50;
          case Q5_1 -> ScalarBlocks::q51;
          case Q4_K -> ScalarBlocks::q4k;
          case Q5_K -> ScalarBlocks::q5k;
          case Q6_K -> ScalarBlocks::q6k;
          default -> throw new IllegalArgumentException("no kernels for " + type);
        };
    int values = type.blockValues();
    int bytes = type.blockBytes();
    return (blocks, count, out) -> {
      for (long b = 0; b < count / values; b++) {
        block.decode(blocks + b * bytes, out + 4 * b * values);
      }
    };
  }

  /** The 6-bit scale of sub-block j of a Q4_K or Q5_K block, whose 12 scale bytes lie at s. */
  static int scale(long s, int j) {
    return j < 4 ? i8(s + j) & 63 : (i8(s + j + 4) & 15) | ((i8(s + j - 4) & 0xc0) >> 2);
  }

  /** The 6-bit minimum of sub-block j, likewise. */
  static int min(long s, int j) {
    return j < 4 ? i8(s + j + 4) & 63 : ((i8(s + j + 4) >> 4) & 15) | ((i8(s + j) & 0xc0) >> 2);
  }

  private static void q80(long p, long y) {
    float d = f16(p);
    for (int i = 0; i < 32; i++) {
      f32(y + 4L * i, d * i8(p + 2 + i));
    }
  }

  private static void q40(long p, long y) {
    float d = f16(p);
    for (int i = 0; i < 16; i++) {
      int q = i8(p + 2 + i);
      f32(y + 4L * i, d * ((q & 15) - 8));
      f32(y + 4L * i + 64, d * (((q >> 4) & 15) - 8));
    }
  }

  private static void q41(long p, long y) {
    float d = f16(p);
    float m = f16(p + 2);
    for (int i = 0; i < 16; i++) {
      int q = i8(p + 4 + i);
      f32(y + 4L * i, Math.fma(d, q & 15, m));
      f32(y + 4L * i + 64, Math.fma(d, (q >> 4) & 15, m));
    }
  }

  private static void q50(long p, long y) {
    float d = f16(p);
    int high = i32(p + 2);
    for (int i = 0; i < 16; i++) {
      int q = i8(p + 6 + i);
      f32(y + 4L * i, d * (five(q, high, i) - 16));
      f32(y + 4L * i + 64, d * (five(q >> 4, high, i + 16) - 16));
    }
  }

  private static void q51(long p, long y) {
    float d = f16(p);
    float m = f16(p + 2);
    int high = i32(p + 4);
    for (int i = 0; i < 16; i++) {
      int q = i8(p + 8 + i);
      f32(y + 4L * i, Math.fma(d, five(q, high, i), m));
      f32(y + 4L * i + 64, Math.fma(d, five(q >> 4, high, i + 16), m));
    }
  }

  private static void q4k(long p, long y) {
    float d = f16(p);
    float dmin = f16(p + 2);
    for (int j = 0; j < 8; j++) {
      float scale = d * scale(p + 4, j);
      float min = dmin * min(p + 4, j);
      for (int i = 0; i < 32; i++) {
        int q = nibble(p + 16, j, i);
        f32(y + 4L * (32 * j + i), Math.fma(scale, q, -min));
      }
    }
  }

  private static void q5k(long p, long y) {
    float d = f16(p);
    float dmin = f16(p + 2);
    for (int j = 0; j < 8; j++) {
      float scale = d * scale(p + 4, j);
      float min = dmin * min(p + 4, j);
      for (int i = 0; i < 32; i++) {
        int low = nibble(p + 48, j, i);
        int high = (i8(p + 16 + i) >> j) & 1;
        f32(y + 4L * (32 * j + i), Math.fma(scale, low | (high << 4), -min));
      }
    }
  }

  private static void q6k(long p, long y) {
    float d = f16(p + 208);
    for (int i = 0; i < 256; i++) {
      int half = i / 128;
      int quarter = i % 128 / 32;
      int l = i % 32;
      int low = (i8(p + 64L * half + 32L * (quarter & 1) + l) >> (4 * (quarter >> 1))) & 15;
      int high = (i8(p + 128 + 32L * half + l) >> (2 * quarter)) & 3;
      f32(y + 4L * i, d * i8(p + 192 + i / 16) * ((low | (high << 4)) - 32));
    }
  }

  /** The low four bits of q below bit {@code at} of the block's fifth bits. */
  private static int five(int q, int high, int at) {
    return (q & 15) | (((high >>> at) & 1) << 4);
  }

  /** Value i of sub-block j of a K block: two sub-blocks share 32 bytes, one per nibble. */
  private static int nibble(long quants, int j, int i) {
    return (i8(quants + j / 2 * 32L + i) >> (4 * (j & 1))) & 15;
  }

  private interface BlockToFloats {
    void decode(long block, long out);
  }
}
