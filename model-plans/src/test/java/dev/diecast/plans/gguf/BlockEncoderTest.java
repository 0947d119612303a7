package dev.diecast.plans.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BlockEncoderTest {
  private static final int COUNT = 4096;

  /** Relative error of normal values: half a step of each format, evenly spread, and some slack. */
  @ParameterizedTest
  @CsvSource({
    "F32, 0",
    "F16, 3e-4",
    "BF16, 2e-3",
    "Q8_0, 8e-3",
    "Q4_0, 0.11",
    "Q4_1, 0.09",
    "Q5_0, 0.05",
    "Q5_1, 0.045",
    "Q4_K, 0.1",
    "Q5_K, 0.05",
    "Q6_K, 0.03"
  })
  void normalValuesComeBack(TensorType type, double tolerance) {
    Random random = new Random(7);
    float[] values = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      values[i] = (float) random.nextGaussian();
    }
    float[] back = roundTrip(type, values);
    double error = 0;
    double norm = 0;
    for (int i = 0; i < COUNT; i++) {
      error += Math.pow(values[i] - back[i], 2);
      norm += Math.pow(values[i], 2);
    }
    assertThat(Math.sqrt(error / norm)).isLessThanOrEqualTo(tolerance);
  }

  static Stream<TensorType> runnableTypes() {
    return Arrays.stream(TensorType.values()).filter(TensorType::runnable);
  }

  /** What a format can hold exactly it gives back exactly. */
  @ParameterizedTest
  @MethodSource("runnableTypes")
  void zerosStayZeros(TensorType type) {
    assertThat(roundTrip(type, new float[COUNT])).containsOnly(0f);
  }

  /** Encoding what was decoded changes nothing when the scale's steps are powers of two. */
  @ParameterizedTest
  @EnumSource(names = {"Q4_0", "Q5_0", "Q8_0", "Q4_1", "Q5_1"})
  void gridPointsAreExact(TensorType type) {
    int low =
        switch (type) {
          case Q4_0 -> -8;
          case Q5_0 -> -16;
          case Q8_0 -> -127;
          default -> 0;
        };
    int steps = type == TensorType.Q8_0 ? 255 : -low == 8 || type == TensorType.Q4_1 ? 16 : 32;
    float[] values = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      int cycle = i % 32 == 0 ? 0 : i % 32 == 1 ? steps - 1 : i * 7 % steps;
      values[i] = 0.25f * (low + cycle);
    }
    assertThat(roundTrip(type, values)).isEqualTo(values);
  }

  private static float[] roundTrip(TensorType type, float[] values) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment blocks = arena.allocate(type.rowBytes(values.length) + 3);
      BlockEncoder.encode(type, values, 0, values.length, blocks, 3);
      float[] back = new float[values.length];
      BlockDecoder.decode(type, blocks, 3, values.length, back, 0);
      return back;
    }
  }
}
