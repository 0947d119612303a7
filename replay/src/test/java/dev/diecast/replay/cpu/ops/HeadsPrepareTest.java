package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.ops.Native.at;
import static dev.diecast.replay.cpu.ops.Native.halfAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.plans.PlanException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("vectors")
class HeadsPrepareTest {
  private static final float EPS = 1e-3f;
  private static final int CAPACITY = 12;

  private final Arena arena = Arena.ofConfined();
  private final Native data = new Native(arena);
  private final Random random = new Random(5);

  @AfterEach
  void free() {
    arena.close();
  }

  /** Sizes of a test; strides leave gaps behind heads, tokens and cache rows. */
  record Shape(int heads, int kvHeads, int dk, int dv, int nRot, int neox, int tokens) {
    int qHead() {
      return dk + 2;
    }

    int qToken() {
      return heads * qHead() + 3;
    }

    int kHead() {
      return dk + 1;
    }

    int kToken() {
      return kvHeads * kHead() + 5;
    }

    int vHead() {
      return dv + 4;
    }

    int vToken() {
      return kvHeads * vHead();
    }

    int qAt(int t, int h) {
      return t * qToken() + h * qHead();
    }

    int kAt(int t, int h) {
      return t * kToken() + h * kHead();
    }

    int vAt(int t, int h) {
      return t * vToken() + h * vHead();
    }

    int keyAt(int position, int h) {
      return position * kRow() + h * dk;
    }

    int valueAt(int position, int h) {
      return position * vRow() + h * dv;
    }

    int kRow() {
      return kvHeads * dk + 6;
    }

    int vRow() {
      return kvHeads * dv + 7;
    }
  }

  /** What the kernel reads and writes. */
  private final class Buffers {
    final MemorySegment q;
    final MemorySegment k;
    final MemorySegment v;
    final MemorySegment qNorm;
    final MemorySegment kNorm;
    final MemorySegment angles;

    Buffers(Shape s) {
      q = data.normal(s.tokens() * s.qToken(), 2, random);
      k = data.normal(s.tokens() * s.kToken(), 3, random);
      v = data.normal(s.tokens() * s.vToken(), 1, random);
      qNorm = data.normal(s.dk(), 1, random);
      kNorm = data.normal(s.dk(), 1, random);
      angles = data.normal(s.tokens() * s.nRot(), 1, random);
    }
  }

  /** What it wrote. */
  private record Result(MemorySegment y, MemorySegment keys, MemorySegment values) {}

  @ParameterizedTest
  @CsvSource({
    // heads, kv heads, dk, dv, n_rot, neox, tokens, active, position, norms
    "14, 2, 64, 64, 64, 1, 1, 1, 0, false",
    "14, 2, 64, 64, 64, 1, 1, 1, 1, false",
    "8, 4, 128, 128, 128, 1, 3, 3, 5, true",
    "6, 3, 80, 48, 32, 1, 4, 2, 7, true",
    "4, 4, 80, 80, 32, 0, 2, 2, 10, true",
    "3, 1, 50, 21, 50, 0, 5, 4, 2, true",
    "3, 1, 50, 21, 50, 0, 5, 0, 2, false",
    "2, 1, 2, 1, 2, 1, 1, 1, 11, true",
  })
  void isTheChainOfPlainKernelsBitForBit(
      int heads,
      int kvHeads,
      int dk,
      int dv,
      int nRot,
      int neox,
      int tokens,
      int active,
      int position,
      boolean norms) {
    Shape s = new Shape(heads, kvHeads, dk, dv, nRot, neox, tokens);
    Buffers b = new Buffers(s);
    Result expected = chain(s, b, active, position, norms);
    for (int threads : new int[] {1, 2, 3, 7}) {
      Result got = result(s);
      fused(s, b, got, norms).active(active).position(position).run(threads);
      assertSame(got, expected);
    }
  }

  @Test
  void worksInPlace() {
    for (int neox = 0; neox < 2; neox++) {
      Shape s = new Shape(5, 1, 72, 72, 64, neox, 2);
      Buffers b = new Buffers(s);
      Result expected = chain(s, b, 2, 3, true);
      Result got = new Result(b.q, result(s).keys(), result(s).values());
      MemorySegment before = data.bytes(b.q.byteSize()).copyFrom(b.q);
      fused(s, b, got, true).position(3).run();
      for (int t = 0; t < 2; t++) {
        for (int h = 0; h < 5; h++) {
          for (int i = 0; i < s.qHead(); i++) {
            int where = s.qAt(t, h) + i;
            assertThat(at(b.q, where)).isEqualTo(at(i < 72 ? expected.y() : before, where));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"6, 2, 80, 40, 32, 1", "6, 2, 80, 40, 32, 0", "3, 3, 10, 10, 10, 1"})
  void agreesWithFloat64(int heads, int kvHeads, int dk, int dv, int nRot, int neox) {
    Shape s = new Shape(heads, kvHeads, dk, dv, nRot, neox, 2);
    Buffers b = new Buffers(s);
    Result got = result(s);
    fused(s, b, got, true).position(4).run();
    for (int t = 0; t < 2; t++) {
      for (int h = 0; h < heads; h++) {
        int x = s.qAt(t, h);
        double[] expected = exact(s, b.q, x, b.qNorm, b.angles, t);
        for (int i = 0; i < dk; i++) {
          assertThat((double) at(got.y(), x + i)).isCloseTo(expected[i], within(5e-6));
        }
      }
      for (int h = 0; h < kvHeads; h++) {
        double[] expected = exact(s, b.k, s.kAt(t, h), b.kNorm, b.angles, t);
        for (int i = 0; i < dk; i++) {
          assertThat((double) halfAt(got.keys(), s.keyAt(4 + t, h) + i))
              .isCloseTo(expected[i], within(1e-6 + Math.abs(expected[i]) / 1024));
        }
        for (int i = 0; i < dv; i++) {
          float value = at(b.v, s.vAt(t, h) + i);
          assertThat(halfAt(got.values(), s.valueAt(4 + t, h) + i))
              .isEqualTo(Float.float16ToFloat(Float.floatToFloat16(value)));
        }
      }
    }
  }

  @Test
  void allocatesNothing() {
    Shape s = new Shape(8, 2, 64, 64, 64, 1, 1);
    Allocations.assertNoneOnceCompiled(fused(s, new Buffers(s), result(s), true).bind());
  }

  @Test
  void refusesWhatDoesNotFit() {
    Shape s = new Shape(4, 2, 16, 16, 16, 1, 2);
    Buffers b = new Buffers(s);
    Launch launch = fused(s, b, result(s), true);
    assertThatThrownBy(() -> launch.position(CAPACITY - 1).run())
        .hasMessageContaining("do not fit a KV cache of 12");
    assertThatThrownBy(() -> launch.position(-1).run()).hasMessageContaining("do not fit");
    launch.position(CAPACITY - 2).run();
    for (String slot :
        new String[] {"q", "k", "v", "y", "k_cache", "v_cache", "q_norm", "k_norm", "angles"}) {
      Launch small = fused(s, b, result(s), true).slot(slot, data.bytes(2));
      assertThatThrownBy(small::bind)
          .isInstanceOf(PlanException.class)
          .hasMessageContaining("'" + slot + "' needs");
    }
    assertThatThrownBy(() -> fused(s, b, result(s), true).arg("n_rot", 18).bind())
        .hasMessageContaining("exceeds the head's 16");
    assertThatThrownBy(() -> fused(s, b, result(s), true).arg("v_row_stride", 31).bind())
        .hasMessageContaining("overlap");
    assertThatThrownBy(() -> fused(s, b, result(s), true).arg("kv_heads", 0).bind())
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Result result(Shape s) {
    MemorySegment y = data.floats(s.tokens() * s.qToken());
    MemorySegment keys = data.bytes(2L * CAPACITY * s.kRow());
    MemorySegment values = data.bytes(2L * CAPACITY * s.vRow());
    y.fill((byte) 0x11);
    keys.fill((byte) 0x22);
    values.fill((byte) 0x33);
    return new Result(y, keys, values);
  }

  private static void assertSame(Result got, Result expected) {
    assertThat(got.y().mismatch(expected.y())).isEqualTo(-1);
    assertThat(got.keys().mismatch(expected.keys())).isEqualTo(-1);
    assertThat(got.values().mismatch(expected.values())).isEqualTo(-1);
  }

  private Launch fused(Shape s, Buffers b, Result r, boolean norms) {
    Launch launch =
        new Launch("heads_prepare", arena)
            .slot("q", b.q)
            .slot("k", b.k)
            .slot("v", b.v)
            .slot("angles", b.angles)
            .slot("y", r.y())
            .slot("k_cache", r.keys())
            .slot("v_cache", r.values())
            .tokens(s.tokens())
            .arg("heads", s.heads())
            .arg("kv_heads", s.kvHeads())
            .arg("dk", s.dk())
            .arg("dv", s.dv())
            .arg("n_rot", s.nRot())
            .arg("neox", s.neox())
            .arg("q_stride", s.qToken())
            .arg("q_head_stride", s.qHead())
            .arg("k_stride", s.kToken())
            .arg("k_head_stride", s.kHead())
            .arg("v_stride", s.vToken())
            .arg("v_head_stride", s.vHead())
            .arg("y_stride", s.qToken())
            .arg("y_head_stride", s.qHead())
            .arg("k_row_stride", s.kRow())
            .arg("v_row_stride", s.vRow())
            .arg("capacity", CAPACITY)
            .arg("eps", EPS);
    return norms ? launch.slot("q_norm", b.qNorm).slot("k_norm", b.kNorm) : launch;
  }

  private Result chain(Shape s, Buffers b, int active, int position, boolean norms) {
    Result r = result(s);
    MemorySegment q = b.q;
    MemorySegment k = b.k;
    if (norms) {
      q = data.bytes(b.q.byteSize());
      k = data.bytes(b.k.byteSize());
      norm(s, b.q, b.qNorm, q, s.heads(), s.qToken(), s.qHead()).active(active).run();
      norm(s, b.k, b.kNorm, k, s.kvHeads(), s.kToken(), s.kHead()).active(active).run();
    }
    MemorySegment turned = data.bytes(b.k.byteSize());
    rope(s, q, b.angles, r.y(), s.heads(), s.qToken(), s.qHead()).active(active).run();
    rope(s, k, b.angles, turned, s.kvHeads(), s.kToken(), s.kHead()).active(active).run();
    for (int h = 0; h < s.kvHeads(); h++) {
      append(s, turned.asSlice(4L * h * s.kHead()), s.kToken(), s.dk())
          .slot("cache", r.keys().asSlice(2L * h * s.dk()))
          .arg("row_stride", s.kRow())
          .active(active)
          .position(position)
          .run();
      append(s, b.v.asSlice(4L * h * s.vHead()), s.vToken(), s.dv())
          .slot("cache", r.values().asSlice(2L * h * s.dv()))
          .arg("row_stride", s.vRow())
          .active(active)
          .position(position)
          .run();
    }
    return r;
  }

  private Launch norm(
      Shape s, MemorySegment x, MemorySegment w, MemorySegment y, int heads, int token, int head) {
    return strided("rms_norm", s, x, y, heads, token, head).slot("w", w).arg("eps", EPS);
  }

  private Launch rope(
      Shape s,
      MemorySegment x,
      MemorySegment angles,
      MemorySegment y,
      int heads,
      int token,
      int head) {
    return strided("rope", s, x, y, heads, token, head)
        .slot("angles", angles)
        .arg("n_rot", s.nRot())
        .arg("neox", s.neox());
  }

  private Launch strided(
      String kernel, Shape s, MemorySegment x, MemorySegment y, int heads, int token, int head) {
    return new Launch(kernel, arena)
        .slot("x", x)
        .slot("y", y)
        .tokens(s.tokens())
        .arg("heads", heads)
        .arg("n", s.dk())
        .arg("x_stride", token)
        .arg("x_head_stride", head)
        .arg("y_stride", token)
        .arg("y_head_stride", head);
  }

  private Launch append(Shape s, MemorySegment x, int stride, int n) {
    return new Launch("kv_write", arena)
        .slot("x", x)
        .tokens(s.tokens())
        .arg("n", n)
        .arg("x_stride", stride)
        .arg("capacity", CAPACITY);
  }

  private static double[] exact(
      Shape s, MemorySegment x, long first, MemorySegment norm, MemorySegment angles, int t) {
    double[] y = new double[s.dk()];
    double squares = 0;
    for (int i = 0; i < s.dk(); i++) {
      squares += (double) at(x, first + i) * at(x, first + i);
    }
    for (int i = 0; i < s.dk(); i++) {
      y[i] = at(x, first + i) / Math.sqrt(squares / s.dk() + EPS) * at(norm, i);
    }
    int apart = s.neox() == 1 ? s.nRot() / 2 : 1;
    for (int i = 0; i < s.nRot() / 2; i++) {
      int a = s.neox() == 1 ? i : 2 * i;
      double cos = at(angles, t * s.nRot() + 2 * i);
      double sin = at(angles, t * s.nRot() + 2 * i + 1);
      double before = y[a];
      y[a] = before * cos - y[a + apart] * sin;
      y[a + apart] = before * sin + y[a + apart] * cos;
    }
    return y;
  }
}
