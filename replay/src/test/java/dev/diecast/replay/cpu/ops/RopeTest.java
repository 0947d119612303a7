package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.ops.Native.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("vectors")
class RopeTest {
  private final Arena arena = Arena.ofConfined();
  private final Native data = new Native(arena);
  private final Random random = new Random(5);

  @AfterEach
  void free() {
    arena.close();
  }

  @ParameterizedTest
  @CsvSource({
    "64, 64, 0", "64, 64, 1", "128, 128, 1", "128, 128, 0", "80, 32, 1", "80, 32, 0", "192, 64, 0",
    "10, 6, 0", "10, 6, 1", "50, 50, 0", "50, 50, 1", "2, 2, 0", "2, 2, 1", "21, 20, 1"
  })
  void rotatesEveryPairWithin1e6(int n, int nRot, int neox) {
    int heads = 3;
    int tokens = 2;
    int position = 4001;
    MemorySegment x = data.normal(tokens * heads * n, 1, random);
    MemorySegment y = data.floats(tokens * heads * n);
    MemorySegment frequencies = frequencies(nRot / 2);
    MemorySegment angles = angles(frequencies, nRot, tokens, position, 1.25f);
    rope(x, angles, y, heads, n, nRot, neox, tokens).run();
    int apart = neox == 1 ? nRot / 2 : 1;
    for (int row = 0; row < tokens * heads; row++) {
      for (int i = 0; i < nRot / 2; i++) {
        double angle =
            frequencies.getAtIndex(ValueLayout.JAVA_DOUBLE, i) * (position + row / heads);
        long first = (long) row * n + (neox == 1 ? i : 2 * i);
        double a = at(x, first);
        double b = at(x, first + apart);
        assertThat((double) at(y, first))
            .isCloseTo(1.25 * (a * Math.cos(angle) - b * Math.sin(angle)), within(1e-6));
        assertThat((double) at(y, first + apart))
            .isCloseTo(1.25 * (a * Math.sin(angle) + b * Math.cos(angle)), within(1e-6));
      }
      for (int i = nRot; i < n; i++) {
        assertThat(at(y, (long) row * n + i)).isEqualTo(at(x, (long) row * n + i));
      }
    }
  }

  @Test
  void rotatesInPlace() {
    for (int neox = 0; neox < 2; neox++) {
      MemorySegment x = data.normal(2 * 72, 1, random);
      MemorySegment y = data.floats(2 * 72);
      MemorySegment angles = angles(frequencies(32), 64, 1, 9, 1);
      rope(x, angles, y, 2, 72, 64, neox, 1).run();
      rope(x, angles, x, 2, 72, 64, neox, 1).run();
      assertThat(x.mismatch(y)).isEqualTo(-1);
    }
  }

  @Test
  void refusesRotationsThatDoNotFit() {
    MemorySegment x = data.floats(64);
    assertThatThrownBy(() -> rope(x, x, x, 1, 64, 66, 0, 1).bind()).hasMessageContaining("exceeds");
    assertThatThrownBy(() -> rope(x, x, x, 1, 64, 7, 0, 1).bind()).hasMessageContaining("n_rot");
    assertThatThrownBy(() -> rope(x, x, x, 1, 64, -2, 0, 1).bind()).hasMessageContaining("n_rot");
  }

  private Launch rope(
      MemorySegment x,
      MemorySegment angles,
      MemorySegment y,
      int heads,
      int n,
      int nRot,
      int neox,
      int tokens) {
    return new Launch("rope", arena)
        .slot("x", x)
        .slot("angles", angles)
        .slot("y", y)
        .tokens(tokens)
        .arg("heads", heads)
        .arg("n", n)
        .arg("n_rot", nRot)
        .arg("neox", neox)
        .arg("x_stride", heads * n)
        .arg("x_head_stride", n)
        .arg("y_stride", heads * n)
        .arg("y_head_stride", n);
  }

  private MemorySegment angles(
      MemorySegment frequencies, int nRot, int tokens, int position, float magnitude) {
    MemorySegment y = data.floats(tokens * nRot);
    new Launch("rope_angles", arena)
        .slot("inv_freq", frequencies)
        .slot("y", y)
        .tokens(tokens)
        .position(position)
        .arg("n_rot", nRot)
        .arg("magnitude", magnitude)
        .run();
    return y;
  }

  private MemorySegment frequencies(int pairs) {
    MemorySegment frequencies = data.bytes(8L * pairs);
    for (int i = 0; i < pairs; i++) {
      frequencies.setAtIndex(ValueLayout.JAVA_DOUBLE, i, Math.pow(10000, -(double) i / pairs));
    }
    return frequencies;
  }
}
