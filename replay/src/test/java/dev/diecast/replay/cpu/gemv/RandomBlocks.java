package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/** Random but valid weight blocks: every bit of the values, scales of a usual size. */
final class RandomBlocks {
  private RandomBlocks() {}

  static void fill(TensorType type, long address, long bytes, RandomGenerator random) {
    int block = type.blockBytes();
    byte[] noise = new byte[block];
    for (long p = address; p + block <= address + bytes; p += block) {
      random.nextBytes(noise);
      for (int i = 0; i < block; i++) {
        Memory.ALL.set(ValueLayout.JAVA_BYTE, p + i, noise[i]);
      }
      scales(type, p, random);
    }
  }

  private static void scales(TensorType type, long p, RandomGenerator random) {
    switch (type) {
      case F32 -> Memory.f32(p, (float) random.nextGaussian() * 0.05f);
      case F16 -> half(p, (float) random.nextGaussian() * 0.05f);
      case BF16 -> Memory.i16(p, (short) (bits(random.nextGaussian() * 0.05) >>> 16));
      case Q8_0, Q4_0, Q5_0 -> half(p, scale(random));
      case Q4_1, Q5_1 -> {
        half(p, scale(random));
        half(p + 2, -scale(random) * 8);
      }
      case Q4_K, Q5_K -> {
        half(p, scale(random) / 32);
        half(p + 2, scale(random) / 8);
      }
      case Q6_K -> half(p + 208, scale(random) / 64);
      default -> throw new IllegalArgumentException(type.name());
    }
  }

  private static float scale(RandomGenerator random) {
    return 0.002f + 0.008f * random.nextFloat();
  }

  private static int bits(double value) {
    return Float.floatToRawIntBits((float) value);
  }

  private static void half(long p, float value) {
    Memory.i16(p, Float.floatToFloat16(value));
  }
}
