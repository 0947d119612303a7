package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.ops.Native.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("vectors")
class ElementwiseTest {
  private final Arena arena = Arena.ofConfined();
  private final Native data = new Native(arena);
  private final Random random = new Random(7);

  @AfterEach
  void free() {
    arena.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 15, 16, 17, 33, 64, 100, 896, 2048, 2049, 5000})
  void addsRowsWithStrides(int n) {
    int tokens = 3;
    MemorySegment a = data.normal(tokens * (n + 5), 1, random);
    MemorySegment b = data.normal(tokens * (n + 1), 1, random);
    MemorySegment y = data.floats(tokens * (n + 2));
    new Launch("add", arena)
        .slot("a", a)
        .slot("b", b)
        .slot("y", y)
        .tokens(tokens)
        .arg("n", n)
        .arg("a_stride", n + 5)
        .arg("b_stride", n + 1)
        .arg("y_stride", n + 2)
        .run();
    for (int t = 0; t < tokens; t++) {
      for (int i = 0; i < n; i++) {
        assertThat(at(y, t * (n + 2L) + i))
            .isEqualTo(at(a, t * (n + 5L) + i) + at(b, t * (n + 1L) + i));
      }
      assertThat(at(y, t * (n + 2L) + n)).as("the gap behind a row").isZero();
    }
  }

  @Test
  void addsOneBiasToEveryActiveToken() {
    int n = 19;
    MemorySegment x = data.normal(4 * n, 1, random);
    MemorySegment bias = data.normal(n, 1, random);
    MemorySegment y = data.floats(4 * n);
    new Launch("add_bias", arena)
        .slot("x", x)
        .slot("bias", bias)
        .slot("y", y)
        .tokens(4)
        .active(3)
        .arg("n", n)
        .arg("x_stride", n)
        .arg("y_stride", n)
        .run();
    for (int i = 0; i < 3 * n; i++) {
      assertThat(at(y, i)).isEqualTo(at(x, i) + at(bias, i % n));
    }
    assertThat(at(y, 3L * n)).as("an inactive token").isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 16, 31, 64, 127, 576, 2048, 8195})
  void normsEveryHeadWithin1e6(int n) {
    int heads = 2;
    MemorySegment x = data.normal(2 * heads * n, 3, random);
    MemorySegment w = data.normal(n, 1, random);
    MemorySegment y = data.floats(2 * heads * n);
    norm(x, w, y, n, heads, 2, 0).run();
    for (int row = 0; row < 2 * heads; row++) {
      assertRow(x, row, w, y, row, n);
    }
  }

  @Test
  void normsTheLastActiveTokenOnly() {
    int n = 40;
    MemorySegment x = data.normal(5 * n, 1, random);
    MemorySegment w = data.normal(n, 1, random);
    MemorySegment y = data.floats(n);
    norm(x, w, y, n, 1, 5, 1).active(4).run();
    assertRow(x, 3, w, y, 0, n);
  }

  @Test
  void normsInPlaceAndAsTheScalarReference() {
    int n = 77;
    MemorySegment x = data.normal(n, 1, random);
    MemorySegment w = data.normal(n, 1, random);
    MemorySegment y = data.floats(n);
    RmsNorm.scalar(x.address(), w.address(), y.address(), n, 1e-5f);
    norm(x, w, x, n, 1, 1, 0).run();
    for (int i = 0; i < n; i++) {
      assertThat(at(x, i)).isCloseTo(at(y, i), within(1e-6f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 17, 511, 512, 513, 1408, 5632})
  void gatesWithin1e6(int n) {
    int slots = 2;
    MemorySegment gate = data.normal(slots * n, 6, random);
    MemorySegment up = data.normal(slots * n, 1, random);
    MemorySegment y = data.floats(slots * n);
    silu(gate, up, y, n, slots).run();
    for (int i = 0; i < slots * n; i++) {
      double g = at(gate, i);
      double expected = g / (1 + Math.exp(-g)) * at(up, i);
      assertThat((double) at(y, i)).isCloseTo(expected, within(1e-6 * Math.abs(expected) + 1e-30));
    }
  }

  @Test
  void gatesSaturateInsteadOfOverflowing() {
    float[] gates = new float[2 * Lanes.COUNT + 1];
    Arrays.fill(gates, -200f);
    gates[1] = 200;
    gates[2] = Float.NaN;
    gates[3] = Float.NEGATIVE_INFINITY;
    float[] ones = new float[gates.length];
    Arrays.fill(ones, 1f);
    MemorySegment y = data.floats(gates.length);
    silu(data.floats(gates), data.floats(ones), y, gates.length, 1).run();
    assertThat((double) at(y, 0)).isCloseTo(0, within(1e-30));
    assertThat(at(y, 1)).isEqualTo(200f);
    assertThat(at(y, 2)).isNaN();
    assertThat((double) at(y, gates.length - 1)).isCloseTo(0, within(1e-30));
  }

  @Test
  void exponentialIsWithinTwoUlp() {
    int n = 1 << 16;
    MemorySegment x = data.floats(n);
    MemorySegment y = data.floats(n);
    for (int i = 0; i < n; i++) {
      x.setAtIndex(ValueLayout.JAVA_FLOAT, i, -87.3f + 175f * i / n);
    }
    Exp.vector(x.address(), y.address(), n, 1, 0);
    for (int i = 0; i < n; i++) {
      double exact = Math.exp((double) at(x, i));
      assertThat(Math.abs(at(y, i) - exact) / Math.ulp((float) exact)).isLessThan(2);
    }
  }

  @Test
  void exponentialUnderflowsToZero() {
    float[] small = new float[3 * Lanes.COUNT];
    Arrays.fill(small, -88.1f);
    small[1] = Float.NEGATIVE_INFINITY;
    small[2] = -1e30f;
    small[3] = Float.NaN;
    MemorySegment x = data.floats(small);
    Exp.vector(x.address(), x.address(), small.length, 1, 0);
    assertThat(at(x, 0)).isZero();
    assertThat(at(x, 1)).isZero();
    assertThat(at(x, 2)).isZero();
    assertThat(at(x, 3)).isNaN();
  }

  @Test
  void combinesExpertsWithAndWithoutResidual() {
    int n = 700;
    int used = 5;
    int tokens = 2;
    MemorySegment x = data.normal(tokens * used * n, 1, random);
    MemorySegment weights = data.normal(tokens * used, 1, random);
    MemorySegment residual = data.normal(tokens * n, 1, random);
    MemorySegment shared = data.normal(tokens * n, 1, random);
    for (int form = 0; form < 4; form++) {
      MemorySegment y = data.floats(tokens * n);
      Launch launch =
          new Launch("expert_combine", arena)
              .slot("x", x)
              .slot("weights", weights)
              .slot("y", y)
              .tokens(tokens)
              .arg("n_used", used)
              .arg("n", n)
              .arg("x_stride", used * n)
              .arg("x_slot_stride", n)
              .arg("weights_stride", used)
              .arg("y_stride", n)
              .arg("residual_stride", n)
              .arg("shared_stride", n);
      if ((form & 1) != 0) {
        launch.slot("residual", residual);
      }
      if ((form & 2) != 0) {
        launch.slot("shared", shared);
      }
      launch.run();
      for (int i = 0; i < tokens * n; i++) {
        int t = i / n;
        double sum =
            ((form & 1) != 0 ? at(residual, i) : 0) + ((form & 2) != 0 ? at(shared, i) : 0);
        for (int j = 0; j < used; j++) {
          sum += (double) at(weights, t * used + j) * at(x, (long) (t * used + j) * n + i % n);
        }
        assertThat((double) at(y, i)).isCloseTo(sum, within(5e-6));
      }
    }
  }

  @Test
  void refusesSlotsThatAreTooSmallOrArgumentsThatMakeNoSense() {
    MemorySegment x = data.floats(64);
    assertThatThrownBy(() -> norm(x, x, x, 65, 1, 1, 0).bind()).hasMessageContaining("needs 260");
    assertThatThrownBy(() -> norm(x, x, x, 33, 2, 1, 0).bind()).hasMessageContaining("needs 264");
    assertThatThrownBy(() -> norm(x, x, x, 0, 1, 1, 0).bind()).hasMessageContaining("0 values");
    assertThatThrownBy(() -> norm(x, x, x, 8, 1, 1, 0).arg("x_stride", -1).bind())
        .hasMessageContaining("stride of -1");
    assertThatThrownBy(() -> norm(x, x, x, 8, 1 << 30, 1 << 30, 0).arg("x_stride", 1 << 30).bind())
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> norm(x, x, x, 8, 1, 0, 0).bind()).hasMessageContaining("n_tokens");
  }

  private Launch norm(
      MemorySegment x, MemorySegment w, MemorySegment y, int n, int heads, int tokens, int last) {
    return new Launch("rms_norm", arena)
        .slot("x", x)
        .slot("w", w)
        .slot("y", y)
        .tokens(tokens)
        .arg("heads", heads)
        .arg("n", n)
        .arg("x_stride", heads * n)
        .arg("x_head_stride", n)
        .arg("y_stride", heads * n)
        .arg("y_head_stride", n)
        .arg("last_only", last)
        .arg("eps", 1e-5f);
  }

  private Launch silu(MemorySegment gate, MemorySegment up, MemorySegment y, int n, int slots) {
    return new Launch("silu_mul", arena)
        .slot("gate", gate)
        .slot("up", up)
        .slot("y", y)
        .arg("n_slots", slots)
        .arg("n", n)
        .arg("gate_slot_stride", n)
        .arg("up_slot_stride", n)
        .arg("y_slot_stride", n);
  }

  private static void assertRow(
      MemorySegment x, long xRow, MemorySegment w, MemorySegment y, long yRow, int n) {
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += (double) at(x, xRow * n + i) * at(x, xRow * n + i);
    }
    double scale = 1 / Math.sqrt(squares / n + 1e-5f);
    for (int i = 0; i < n; i++) {
      double expected = at(x, xRow * n + i) * scale * at(w, i);
      assertThat((double) at(y, yRow * n + i))
          .isCloseTo(expected, within(1e-6 * Math.abs(expected) + 1e-12));
    }
  }
}
