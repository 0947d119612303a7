package dev.diecast.kernels.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;

/**
 * The weight formats of GGUF, one value at a time, straight from ggml's description of a block.
 *
 * @param bytes whole blocks
 */
record BlockReference(String type, byte[] bytes) {
  /** Random blocks whose scales are of moderate size. */
  static BlockReference random(String type, int blocks, long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[blocks * blockBytes(type)];
    random.nextBytes(bytes);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int b = 0; b < blocks; b++) {
      for (int at : scales(type)) {
        float scale = 0.01f + 0.1f * random.nextFloat();
        int place = b * blockBytes(type) + at;
        switch (type) {
          case "f32" -> buffer.putFloat(place, (float) random.nextGaussian());
          case "bf16" -> buffer.putShort(place, (short) (Float.floatToRawIntBits(scale) >>> 16));
          default -> buffer.putShort(place, Float.floatToFloat16(scale));
        }
      }
    }
    return new BlockReference(type, bytes);
  }

  static int blockValues(String type) {
    return switch (type) {
      case "f32", "f16", "bf16" -> 1;
      case "q4_k", "q5_k", "q6_k" -> 256;
      default -> 32;
    };
  }

  static int blockBytes(String type) {
    return switch (type) {
      case "f32" -> 4;
      case "f16", "bf16" -> 2;
      case "q8_0" -> 34;
      case "q4_0" -> 18;
      case "q4_1" -> 20;
      case "q5_0" -> 22;
      case "q5_1" -> 24;
      case "q4_k" -> 144;
      case "q5_k" -> 176;
      case "q6_k" -> 210;
      default -> throw new IllegalArgumentException(type);
    };
  }

  /** Where a block has floating-point numbers. */
  private static List<Integer> scales(String type) {
    return switch (type) {
      case "q4_1", "q5_1", "q4_k", "q5_k" -> List.of(0, 2);
      case "q6_k" -> List.of(208);
      default -> List.of(0);
    };
  }

  /** Value i of all blocks. */
  double value(long i) {
    int at = Math.toIntExact(i / blockValues(type) * blockBytes(type));
    int k = (int) (i % blockValues(type));
    return switch (type) {
      case "f32" -> buffer().getFloat(at);
      case "f16" -> half(at);
      case "bf16" -> Float.intBitsToFloat(buffer().getShort(at) << 16);
      case "q8_0" -> half(at) * bytes[at + 2 + k];
      case "q4_0" -> half(at) * (nibble(at + 2, k) - 8);
      case "q4_1" -> half(at) * nibble(at + 4, k) + half(at + 2);
      case "q5_0" -> half(at) * (nibble(at + 6, k) + 16 * bit(at + 2, k) - 16);
      case "q5_1" -> half(at) * (nibble(at + 8, k) + 16 * bit(at + 4, k)) + half(at + 2);
      case "q4_k" -> scaled(at, k, subNibble(at + 16, k));
      case "q5_k" -> scaled(at, k, subNibble(at + 48, k) + 16 * bits(at + 16 + k % 32, k / 32, 1));
      case "q6_k" -> sixBits(at, k);
      default -> throw new IllegalArgumentException(type);
    };
  }

  private double scaled(int at, int k, int q) {
    int s = k / 32;
    int scale;
    int minimum;
    if (s < 4) {
      scale = bits(at + 4 + s, 0, 6);
      minimum = bits(at + 8 + s, 0, 6);
    } else {
      scale = bits(at + 8 + s, 0, 4) + 16 * bits(at + s, 6, 2);
      minimum = bits(at + 8 + s, 4, 4) + 16 * bits(at + 4 + s, 6, 2);
    }
    return half(at) * scale * q - half(at + 2) * minimum;
  }

  private double sixBits(int at, int k) {
    int side = k / 128;
    int group = k % 128 / 32;
    int l = k % 32;
    int low = bits(at + 64 * side + 32 * (group % 2) + l, 4 * (group / 2), 4);
    int high = bits(at + 128 + 32 * side + l, 2 * group, 2);
    return half(at + 208) * bytes[at + 192 + k / 16] * (low + 16 * high - 32);
  }

  private int nibble(int at, int k) {
    return bits(at + k % 16, 4 * (k / 16), 4);
  }

  /** The nibbles of 64 values lie in 32 bytes. */
  private int subNibble(int at, int k) {
    return bits(at + 32 * (k / 64) + k % 32, 4 * (k / 32 % 2), 4);
  }

  private int bit(int at, int k) {
    return bits(at + k / 8, k % 8, 1);
  }

  /** So many bits of a byte. */
  private int bits(int at, int first, int count) {
    return ((bytes[at] & 0xff) >> first) & ((1 << count) - 1);
  }

  private double half(int at) {
    return Float.float16ToFloat(buffer().getShort(at));
  }

  private ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
