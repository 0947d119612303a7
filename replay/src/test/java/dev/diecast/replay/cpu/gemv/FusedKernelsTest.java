package dev.diecast.replay.cpu.gemv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.ops.RmsNorm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FusedKernelsTest {
  private static final int ROWS = 45;
  private static final int COLS = 768;
  private static final float EPS = 1e-6f;

  static List<TensorType> types() {
    return GemvCases.types();
  }

  /** Every type with itself, and the mixtures of real models. */
  static Stream<Arguments> pairs() {
    return Stream.concat(
        types().stream().map(type -> Arguments.of(type, type)),
        Stream.of(
            Arguments.of(TensorType.Q4_0, TensorType.Q8_0),
            Arguments.of(TensorType.Q4_0, TensorType.F32),
            Arguments.of(TensorType.Q4_K, TensorType.Q6_K),
            Arguments.of(TensorType.Q5_0, TensorType.Q6_K),
            Arguments.of(TensorType.Q5_K, TensorType.F16)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void linears(TensorType a, TensorType b) {
    FusedCases.linears(a, b);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void experts(TensorType a, TensorType b) {
    FusedCases.experts(a, b);
  }

  @ParameterizedTest
  @MethodSource("types")
  void aPlainSegmentIsAGemvToTheBit(TensorType type) {
    assertThat(fused(type, false, 1)).containsExactly(plain(type, false, 1));
    assertThat(fused(type, false, 5)).containsExactly(plain(type, false, 5));
  }

  @ParameterizedTest
  @MethodSource("types")
  void aFoldedNormIsANormBeforeTheGemvToTheBit(TensorType type) {
    assertThat(fused(type, true, 1)).containsExactly(plain(type, true, 1));
    assertThat(fused(type, true, 5)).containsExactly(plain(type, true, 5));
  }

  private static float[] plain(TensorType type, boolean norm, int tokens) {
    try (Arena arena = Arena.ofConfined()) {
      Dispatch d = operands("gemv_" + type.suffix(), "", type, tokens, arena);
      if (norm) {
        MemorySegment x = arena.allocate(4L * COLS * tokens, 64);
        for (int t = 0; t < tokens; t++) {
          long at = 4L * COLS * t;
          RmsNorm.vector(d.address("x") + at, d.address("norm"), x.address() + at, COLS, EPS);
        }
        d.bind("x", x);
      }
      d.arg("residual_stride", 0).arg("row_bytes", type.rowBytes(COLS));
      d.arg("rows", ROWS).arg("y_stride", ROWS);
      d.run(d.bind(), 1, 4);
      return d.floats("y");
    }
  }

  private static float[] fused(TensorType type, boolean norm, int tokens) {
    try (Arena arena = Arena.ofConfined()) {
      Dispatch d = operands("linears", "_0", type, tokens, arena);
      if (!norm) {
        d.unbind("norm");
      }
      for (int i = 0; i < 4; i++) {
        d.constant("w_" + i + "_type", i == 0 ? type.id() : -1).constant("up_" + i + "_type", -1);
        d.arg("rows_" + i, ROWS).arg("y_" + i + "_stride", ROWS);
        d.arg("residual_" + i + "_stride", 0).arg("up_" + i + "_row_bytes", 0L);
        d.arg("w_" + i + "_row_bytes", type.rowBytes(COLS));
      }
      d.arg("last_only", 0).arg("eps", EPS);
      d.run(d.bind(), 1, 4);
      return d.floats("y_0");
    }
  }

  private static Dispatch operands(
      String kernel, String suffix, TensorType type, int tokens, Arena arena) {
    Random random = new Random(9);
    Dispatch d = new Dispatch(kernel, arena);
    long bytes = ROWS * type.rowBytes(COLS);
    RandomBlocks.fill(type, d.buffer("w" + suffix, bytes), bytes, random);
    d.floats("x", Fixtures.gaussian(tokens * COLS, random));
    d.floats("norm", Fixtures.gaussian(COLS, random));
    d.buffer("y" + suffix, 4L * ROWS * tokens);
    d.active(tokens);
    return d.arg("n_tokens", tokens).arg("cols", COLS).arg("x_stride", COLS);
  }
}
