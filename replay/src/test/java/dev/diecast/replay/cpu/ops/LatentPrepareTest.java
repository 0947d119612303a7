package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.ops.Native.at;
import static dev.diecast.replay.cpu.ops.Native.halfAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("vectors")
class LatentPrepareTest {
  private static final float EPS = 1e-4f;
  private static final int CAPACITY = 10;

  private final Arena arena = Arena.ofConfined();
  private final Native data = new Native(arena);
  private final Random random = new Random(23);

  @AfterEach
  void free() {
    arena.close();
  }

  /** Sizes of a test; strides leave gaps behind heads, tokens and cache rows. */
  record Shape(
      TensorType type,
      boolean transposed,
      int heads,
      int nope,
      int nRot,
      int latent,
      int neox,
      int tokens) {
    int width() {
      return latent + nRot;
    }

    int qHead() {
      return nope + nRot + 1;
    }

    int qToken() {
      return heads * qHead() + 2;
    }

    int kvToken() {
      return width() + 3;
    }

    int yHead() {
      return width() + 4;
    }

    int yToken() {
      return heads * yHead() + 5;
    }

    int qAt(int t, int h) {
      return t * qToken() + h * qHead();
    }

    int yAt(int t, int h) {
      return t * yToken() + h * yHead();
    }

    int row() {
      return width() + 6;
    }

    int rows() {
      return transposed ? nope : latent;
    }

    int cols() {
      return transposed ? latent : nope;
    }
  }

  /** What the kernel reads. */
  private record Operands(
      MemorySegment q,
      MemorySegment kv,
      MemorySegment norm,
      MemorySegment angles,
      HeadMatrices w) {}

  /** What it wrote. */
  private record Result(MemorySegment y, MemorySegment cache) {}

  @ParameterizedTest
  @CsvSource({
    // type, transposed, heads, nope, n_rot, latent, neox, tokens, active, position
    "Q8_0, true, 16, 128, 64, 512, 0, 1, 1, 0",
    "Q8_0, true, 20, 192, 64, 512, 0, 3, 3, 1",
    "Q8_0, false, 16, 128, 64, 512, 0, 1, 1, 9",
    "Q8_0, false, 4, 64, 32, 96, 1, 5, 5, 2",
    "F16, true, 3, 21, 6, 50, 1, 4, 2, 6",
    "F16, false, 3, 48, 10, 50, 0, 4, 1, 6",
    "F32, true, 2, 7, 2, 5, 0, 2, 2, 8",
    "F32, false, 2, 7, 2, 5, 1, 7, 6, 0",
    "F32, false, 2, 7, 2, 5, 1, 7, 0, 0",
  })
  void isTheChainOfPlainKernelsBitForBit(
      TensorType type,
      boolean transposed,
      int heads,
      int nope,
      int nRot,
      int latent,
      int neox,
      int tokens,
      int active,
      int position) {
    Shape s = new Shape(type, transposed, heads, nope, nRot, latent, neox, tokens);
    Operands o = operands(s);
    Result expected = chain(s, o, active, position);
    for (int threads : new int[] {1, 2, 3, 7}) {
      Result got = result(s);
      fused(s, o, got).active(active).position(position).run(threads);
      assertThat(got.y().mismatch(expected.y())).isEqualTo(-1);
      assertThat(got.cache().mismatch(expected.cache())).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Q8_0, true, 3, 40, 16, 96, 0, 1",
    "Q8_0, false, 3, 64, 16, 50, 1, 1",
    "F16, true, 2, 33, 8, 40, 1, 4",
    "F32, false, 2, 48, 8, 40, 0, 4",
  })
  void agreesWithFloat64(
      TensorType type,
      boolean transposed,
      int heads,
      int nope,
      int nRot,
      int latent,
      int neox,
      int tokens) {
    Shape s = new Shape(type, transposed, heads, nope, nRot, latent, neox, tokens);
    Operands o = operands(s);
    Result got = result(s);
    fused(s, o, got).position(5).run();
    for (int t = 0; t < tokens; t++) {
      for (int h = 0; h < heads; h++) {
        double[] expected = query(s, o, t, h);
        for (int i = 0; i < s.width(); i++) {
          assertThat((double) at(got.y(), s.yAt(t, h) + i)).isCloseTo(expected[i], within(1e-4));
        }
      }
      double[] expected = cacheRow(s, o, t);
      for (int i = 0; i < s.width(); i++) {
        assertThat((double) halfAt(got.cache(), (5 + t) * s.row() + i))
            .isCloseTo(expected[i], within(1e-6 + Math.abs(expected[i]) / 1024));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void allocatesNothing(boolean transposed) {
    Shape s = new Shape(TensorType.Q8_0, transposed, 8, 128, 64, 256, 0, 1);
    Allocations.assertNoneOnceCompiled(fused(s, operands(s), result(s)).bind());
  }

  @Test
  void refusesWhatDoesNotFit() {
    Shape s = new Shape(TensorType.Q8_0, true, 2, 32, 8, 64, 0, 2);
    Operands o = operands(s);
    assertThatThrownBy(() -> fused(s, o, result(s)).position(9).run())
        .hasMessageContaining("do not fit a KV cache of 10");
    fused(s, o, result(s)).position(8).run();
    for (String slot : new String[] {"q", "kv", "norm", "angles", "w", "y", "cache"}) {
      Launch small = fused(s, o, result(s)).slot(slot, data.bytes(2));
      assertThatThrownBy(small::bind)
          .isInstanceOf(PlanException.class)
          .hasMessageContaining("'" + slot + "' needs");
    }
    assertThatThrownBy(() -> fused(s, o, result(s)).constant("w_type", -1).bind())
        .hasMessageContaining("type -1 of slot 'w'");
    assertThatThrownBy(() -> fused(s, o, result(s)).constant("w_type", 1L << 40).bind())
        .hasMessageContaining("slot 'w'");
    assertThatThrownBy(() -> fused(s, o, result(s)).constant("transposed", 2).bind())
        .hasMessageContaining("'transposed' is 2");
    assertThatThrownBy(() -> fused(s, o, result(s)).arg("n_rot", 7).bind())
        .hasMessageContaining("n_rot is 7");
    assertThatThrownBy(() -> fused(s, o, result(s)).arg("row_bytes", 1L).bind())
        .hasMessageContaining("row_bytes");
  }

  private Operands operands(Shape s) {
    return new Operands(
        data.normal(s.tokens() * s.qToken(), 1, random),
        data.normal(s.tokens() * s.kvToken(), 4, random),
        data.normal(s.latent(), 1, random),
        data.normal(s.tokens() * s.nRot(), 1, random),
        HeadMatrices.random(s.type(), s.heads(), s.rows(), s.cols(), data, random));
  }

  private Result result(Shape s) {
    MemorySegment y = data.floats(s.tokens() * s.yToken());
    MemorySegment cache = data.bytes(2L * CAPACITY * s.row());
    y.fill((byte) 0x11);
    cache.fill((byte) 0x22);
    return new Result(y, cache);
  }

  private Launch fused(Shape s, Operands o, Result r) {
    return new Launch("latent_prepare", arena)
        .slot("q", o.q())
        .slot("kv", o.kv())
        .slot("norm", o.norm())
        .slot("angles", o.angles())
        .slot("w", o.w().bytes())
        .slot("y", r.y())
        .slot("cache", r.cache())
        .constant("w_type", s.type().id())
        .constant("transposed", s.transposed() ? 1 : 0)
        .tokens(s.tokens())
        .arg("heads", s.heads())
        .arg("nope", s.nope())
        .arg("n_rot", s.nRot())
        .arg("latent", s.latent())
        .arg("neox", s.neox())
        .arg("q_stride", s.qToken())
        .arg("q_head_stride", s.qHead())
        .arg("kv_stride", s.kvToken())
        .arg("y_stride", s.yToken())
        .arg("y_head_stride", s.yHead())
        .arg("row_stride", s.row())
        .arg("capacity", CAPACITY)
        .arg("row_bytes", o.w().rowBytes())
        .arg("head_bytes", o.w().headBytes())
        .arg("eps", EPS);
  }

  private Result chain(Shape s, Operands o, int active, int position) {
    Result r = result(s);
    String kernel = (s.transposed() ? "head_gemv_t_" : "head_gemv_") + s.type().suffix();
    heads(kernel, s, o.q(), r.y())
        .slot("w", o.w().bytes())
        .arg("rows", s.rows())
        .arg("cols", s.cols())
        .arg("row_bytes", o.w().rowBytes())
        .arg("head_bytes", o.w().headBytes())
        .active(active)
        .run();
    rope(heads("rope", s, o.q().asSlice(4L * s.nope()), r.y().asSlice(4L * s.latent())), s, o)
        .active(active)
        .run();
    MemorySegment row = data.floats(s.tokens() * s.width());
    rows("rms_norm", s, o.kv(), row)
        .slot("w", o.norm())
        .arg("n", s.latent())
        .arg("eps", EPS)
        .active(active)
        .run();
    MemorySegment key = o.kv().asSlice(4L * s.latent());
    rope(rows("rope", s, key, row.asSlice(4L * s.latent())), s, o).active(active).run();
    new Launch("kv_write", arena)
        .slot("x", row)
        .slot("cache", r.cache())
        .tokens(s.tokens())
        .arg("n", s.width())
        .arg("x_stride", s.width())
        .arg("row_stride", s.row())
        .arg("capacity", CAPACITY)
        .active(active)
        .position(position)
        .run();
    return r;
  }

  private static Launch rope(Launch launch, Shape s, Operands o) {
    return launch
        .slot("angles", o.angles())
        .arg("n", s.nRot())
        .arg("n_rot", s.nRot())
        .arg("neox", s.neox());
  }

  private Launch heads(String kernel, Shape s, MemorySegment x, MemorySegment y) {
    return new Launch(kernel, arena)
        .slot("x", x)
        .slot("y", y)
        .tokens(s.tokens())
        .arg("heads", s.heads())
        .arg("x_stride", s.qToken())
        .arg("x_head_stride", s.qHead())
        .arg("y_stride", s.yToken())
        .arg("y_head_stride", s.yHead());
  }

  private Launch rows(String kernel, Shape s, MemorySegment x, MemorySegment y) {
    return new Launch(kernel, arena)
        .slot("x", x)
        .slot("y", y)
        .tokens(s.tokens())
        .arg("heads", 1)
        .arg("x_stride", s.kvToken())
        .arg("y_stride", s.width());
  }

  private static double[] query(Shape s, Operands o, int t, int h) {
    double[] y = new double[s.width()];
    int x = s.qAt(t, h);
    for (int i = 0; i < s.latent(); i++) {
      for (int j = 0; j < s.nope(); j++) {
        double w = s.transposed() ? o.w().at(h, j, i) : o.w().at(h, i, j);
        y[i] += w * at(o.q(), x + j);
      }
    }
    turn(s, o, t, o.q(), x + s.nope(), y);
    return y;
  }

  private static double[] cacheRow(Shape s, Operands o, int t) {
    double[] y = new double[s.width()];
    int x = t * s.kvToken();
    double squares = 0;
    for (int i = 0; i < s.latent(); i++) {
      squares += (double) at(o.kv(), x + i) * at(o.kv(), x + i);
    }
    for (int i = 0; i < s.latent(); i++) {
      y[i] = at(o.kv(), x + i) / Math.sqrt(squares / s.latent() + EPS) * at(o.norm(), i);
    }
    turn(s, o, t, o.kv(), x + s.latent(), y);
    return y;
  }

  /** Rotates n_rot values at x into the end of y. */
  private static void turn(Shape s, Operands o, int t, MemorySegment x, long first, double[] y) {
    int apart = s.neox() == 1 ? s.nRot() / 2 : 1;
    for (int i = 0; i < s.nRot() / 2; i++) {
      int at = s.neox() == 1 ? i : 2 * i;
      double cos = at(o.angles(), t * s.nRot() + 2 * i);
      double sin = at(o.angles(), t * s.nRot() + 2 * i + 1);
      double a = at(x, first + at);
      double b = at(x, first + at + apart);
      y[s.latent() + at] = a * cos - b * sin;
      y[s.latent() + at + apart] = a * sin + b * cos;
    }
  }
}
