package dev.diecast.replay.cpu.gemv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The 16-bit lane products at the edge of their range: every weight and every activation at an
 * extreme, with the signs that make all terms of a lane add up. One overflow would be off by 65536
 * steps.
 */
class PackedRangeTest {
  @BeforeAll
  static void theseBodiesNeed512Bits() {
    assumeThat(VectorWidth.chosen()).isEqualTo(VectorWidth.W512);
  }

  @ParameterizedTest
  @CsvSource({
    "Q4_0, 0, 1", "Q4_0, 0, -1", "Q4_0, 255, 1", "Q4_0, 255, -1", "Q4_0, 240, 1",
    "Q4_K, 0, 1", "Q4_K, 0, -1", "Q4_K, 255, 1", "Q4_K, 255, -1", "Q4_K, 15, -1",
    "Q5_K, 0, 1", "Q5_K, 0, -1", "Q5_K, 255, 1", "Q5_K, 255, -1", "Q5_K, 240, -1",
    "Q6_K, 0, 1", "Q6_K, 0, -1", "Q6_K, 255, 1", "Q6_K, 255, -1", "Q6_K, 15, -1",
  })
  void extremesDoNotOverflow(TensorType type, int pattern, int sign) {
    int cols = 768;
    try (Arena arena = Arena.ofConfined()) {
      long w = blocks(type, pattern, cols, arena);
      float[] x = new float[cols];
      for (int i = 0; i < cols; i++) {
        x[i] = sign * 3.5f;
      }
      double want = Reference.dot(Reference.row(type, w, cols), x, 0);
      // What the packing cannot represent exactly is the scale, a rounded 3.5 / limit.
      assertThat((double) multiply(type, w, x, arena)).isCloseTo(want, within(want));
    }
  }

  @ParameterizedTest
  @CsvSource({"Q4_0", "Q4_K", "Q5_K", "Q6_K"})
  void activationsOfAnySizeKeepTheirPrecision(TensorType type) {
    int cols = 512;
    try (Arena arena = Arena.ofConfined()) {
      long w = blocks(type, 0x9c, cols, arena);
      for (float size : new float[] {0, 1e-35f, 1e-20f, 1e-3f, 1, 1e4f}) {
        float[] x = new float[cols];
        for (int i = 0; i < cols; i++) {
          x[i] = (i % 3 + 1) * size;
        }
        double want = Reference.dot(Reference.row(type, w, cols), x, 0);
        double got = multiply(type, w, x, arena);
        assertThat(got).isCloseTo(size < 1e-30f ? 0 : want, within(100 * want));
      }
    }
  }

  private static Offset<Double> within(double value) {
    return Offset.offset(Math.abs(value) * 1e-5 + 1e-32);
  }

  private static long blocks(TensorType type, int pattern, int cols, Arena arena) {
    long bytes = type.rowBytes(cols);
    var memory = arena.allocate(bytes + 64, 64);
    memory.fill((byte) pattern);
    long w = memory.address();
    for (long p = w; p < w + bytes; p += type.blockBytes()) {
      short one = Float.floatToFloat16(1);
      Memory.i16(p + (type == TensorType.Q6_K ? 208 : 0), one);
      if (type == TensorType.Q4_K || type == TensorType.Q5_K) {
        Memory.i16(p + 2, Float.floatToFloat16(0.25f));
        memory.asSlice(p - w + 4, 12).fill((byte) 0xff);
      }
      for (int i = 0; type == TensorType.Q6_K && i < 16; i++) {
        Memory.ALL.set(ValueLayout.JAVA_BYTE, p + 192 + i, (byte) -128);
      }
    }
    return w;
  }

  private static float multiply(TensorType type, long w, float[] x, Arena arena) {
    RowProduct product = WeightFormat.of(type, VectorWidth.W512).product();
    long at = arena.allocate(4L * x.length, 64).address();
    for (int i = 0; i < x.length; i++) {
      Memory.f32(at + 4L * i, x[i]);
    }
    long packed = arena.allocate(product.packedBytes(x.length), 64).address();
    long work = arena.allocate(product.workBytes(), 64).address();
    long sums = arena.allocate(64, 64).address();
    product.pack(at, x.length, packed);
    Matrix row = new Matrix(1, x.length, type.rowBytes(x.length));
    product.multiply(w, row, 0, 1, packed, work, sums);
    return Memory.f32(sums);
  }
}
