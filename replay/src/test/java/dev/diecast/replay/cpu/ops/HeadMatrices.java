package dev.diecast.replay.cpu.ops;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Random matrices, one per head and packed, that can say what their values are. */
record HeadMatrices(TensorType type, int heads, int rows, int cols, MemorySegment bytes) {
  static HeadMatrices random(
      TensorType type, int heads, int rows, int cols, Native data, Random random) {
    MemorySegment bytes = data.bytes((long) heads * rows * type.rowBytes(cols));
    for (long block = 0; block < bytes.byteSize(); block += type.blockBytes()) {
      fill(type, bytes.address() + block, random);
    }
    return new HeadMatrices(type, heads, rows, cols, bytes);
  }

  private static void fill(TensorType type, long block, Random random) {
    switch (type) {
      case F32 -> Memory.f32(block, (float) random.nextGaussian());
      case F16 -> Memory.i16(block, half(random.nextGaussian()));
      case Q8_0 -> {
        Memory.i16(block, half(0.01 + 0.01 * random.nextDouble()));
        for (int i = 0; i < 32; i++) {
          Memory.ALL.set(ValueLayout.JAVA_BYTE, block + 2 + i, (byte) random.nextInt());
        }
      }
      default -> throw new IllegalArgumentException(type.name());
    }
  }

  private static short half(double value) {
    return Float.floatToFloat16((float) value);
  }

  long rowBytes() {
    return type.rowBytes(cols);
  }

  long headBytes() {
    return rows * rowBytes();
  }

  double at(int head, int row, int col) {
    long start = bytes.address() + head * headBytes() + row * rowBytes();
    return switch (type) {
      case F32 -> Memory.f32(start + 4L * col);
      case F16 -> Memory.f16(start + 2L * col);
      case Q8_0 -> {
        long block = start + 34L * (col / 32);
        yield (double) Memory.f16(block) * Memory.i8(block + 2 + col % 32);
      }
      default -> throw new IllegalArgumentException(type.name());
    };
  }
}
