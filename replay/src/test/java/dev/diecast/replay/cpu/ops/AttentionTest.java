package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.ops.Native.at;
import static dev.diecast.replay.cpu.ops.Native.halfAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("vectors")
class AttentionTest {
  private final Arena arena = Arena.ofConfined();
  private final Native data = new Native(arena);
  private final Random random = new Random(11);

  @AfterEach
  void free() {
    arena.close();
  }

  /** The shape of a test: mla means that v is the start of k's rows. */
  record Shape(int heads, int kvHeads, int dk, int dv, boolean mla, int splits, int capacity) {}

  @ParameterizedTest
  @CsvSource({
    // heads, kv heads, dk, dv, mla, splits, tokens, position
    "1, 1, 1, 1, false, 1, 1, 0",
    "4, 2, 64, 64, false, 4, 1, 0",
    "4, 2, 64, 64, false, 4, 1, 1",
    "14, 2, 64, 64, false, 8, 1, 100",
    "4, 4, 80, 80, false, 3, 1, 64",
    "8, 1, 128, 128, false, 16, 1, 250",
    "6, 2, 20, 12, false, 5, 3, 30",
    "16, 1, 576, 512, true, 8, 1, 70",
    "20, 1, 576, 512, true, 4, 5, 17",
    "4, 1, 36, 32, true, 2, 7, 0",
    "3, 1, 7, 5, true, 2, 2, 47",
  })
  void agreesWithFloat64(
      int heads, int kvHeads, int dk, int dv, boolean mla, int splits, int tokens, int position) {
    Shape shape = new Shape(heads, kvHeads, dk, dv, mla, splits, position + tokens + 3);
    MemorySegment q = data.normal(tokens * heads * dk, 1, random);
    MemorySegment k = data.normalHalves(shape.capacity() * kvHeads * dk, 1, random);
    MemorySegment v = mla ? k : data.normalHalves(shape.capacity() * kvHeads * dv, 1, random);
    MemorySegment y = attend(shape, q, k, v, tokens, position);
    float scale = (float) (1 / Math.sqrt(dk));
    for (int t = 0; t < tokens; t++) {
      for (int h = 0; h < heads; h++) {
        double[] expected = exact(shape, q, k, v, t, h, position + t + 1, scale);
        double[] got = new double[dv];
        for (int d = 0; d < dv; d++) {
          got[d] = at(y, (long) (t * heads + h) * dv + d);
        }
        assertThat(distance(got, expected)).as("token %s head %s", t, h).isLessThan(1e-6);
      }
    }
  }

  @Test
  void splitsDoNotChangeTheResultBeyondRounding() {
    MemorySegment q = data.normal(4 * 64, 3, random);
    MemorySegment k = data.normalHalves(200 * 2 * 64, 3, random);
    MemorySegment v = data.normalHalves(200 * 2 * 64, 1, random);
    MemorySegment one = attend(new Shape(4, 2, 64, 64, false, 1, 200), q, k, v, 1, 150);
    MemorySegment many = attend(new Shape(4, 2, 64, 64, false, 32, 200), q, k, v, 1, 150);
    for (int i = 0; i < 4 * 64; i++) {
      assertThat(at(many, i)).isCloseTo(at(one, i), within(2e-6f));
    }
  }

  @Test
  void eachPartialIsWhatTheScalarReferenceSays() {
    int dk = 40;
    int dv = 24;
    MemorySegment q = data.normal(dk, 1, random);
    MemorySegment k = data.normalHalves(64 * dk, 1, random);
    MemorySegment v = data.normalHalves(64 * dv, 1, random);
    MemorySegment partial = data.bytes(Partial.bytes(1, 1, 3, dv));
    Shape shape = new Shape(1, 1, dk, dv, false, 3, 64);
    launch(shape, q, k, v, partial, 1).position(49).run();
    MemorySegment expected = data.bytes(Partial.bytes(dv));
    int[] bounds = {0, 16, 33, 50};
    for (int s = 0; s < 3; s++) {
      Attention.scalar(
          q.address(),
          k.address(),
          2L * dk,
          dk,
          v.address(),
          2L * dv,
          dv,
          bounds[s],
          bounds[s + 1],
          (float) (1 / Math.sqrt(dk)),
          expected.address());
      for (int i = 0; i < 2 + dv; i++) {
        assertThat(at(partial, s * (2L + dv) + i)).isCloseTo(at(expected, i), within(1e-5f));
      }
    }
  }

  @Test
  void survivesScoresOfAnySize() {
    MemorySegment q = data.normal(2 * 64, 300, random);
    MemorySegment k = data.normalHalves(40 * 64, 300, random);
    MemorySegment v = data.normalHalves(40 * 64, 1, random);
    Shape shape = new Shape(2, 1, 64, 64, false, 4, 40);
    MemorySegment y = attend(shape, q, k, v, 1, 39);
    for (int h = 0; h < 2; h++) {
      double[] expected = exact(shape, q, k, v, 0, h, 40, 0.125f);
      for (int d = 0; d < 64; d++) {
        assertThat((double) at(y, h * 64L + d)).isCloseTo(expected[d], within(1e-2));
      }
    }
  }

  @Test
  void refusesPositionsOutsideTheCache() {
    Shape shape = new Shape(2, 1, 8, 8, false, 2, 16);
    MemorySegment k = data.normalHalves(16 * 8, 1, random);
    MemorySegment partial = data.bytes(Partial.bytes(3, 2, 2, 8));
    Launch launch = launch(shape, data.normal(3 * 16, 1, random), k, k, partial, 3).position(14);
    assertThatThrownBy(launch::run).hasMessageContaining("do not fit a KV cache of 16");
    assertThatThrownBy(() -> launch.position(-1).run()).hasMessageContaining("do not fit");
    launch.position(13).run();
  }

  @Test
  void writesTheCacheOnlyInsideItsCapacity() {
    int n = 300;
    MemorySegment x = data.normal(2 * n, 100, random);
    MemorySegment cache = data.bytes(2L * 5 * 310);
    Launch launch =
        new Launch("kv_write", arena)
            .slot("x", x)
            .slot("cache", cache)
            .tokens(2)
            .arg("n", n)
            .arg("x_stride", n)
            .arg("row_stride", 310)
            .arg("capacity", 5);
    launch.position(3).run();
    for (int t = 0; t < 2; t++) {
      for (int i = 0; i < n; i++) {
        short expected = Float.floatToFloat16(at(x, t * n + i));
        assertThat(Memory.i16(cache.address() + 2L * ((3 + t) * 310 + i))).isEqualTo(expected);
      }
    }
    assertThat(halfAt(cache, 2 * 310)).isZero();
    assertThat(halfAt(cache, 3 * 310 + n)).isZero();
    assertThatThrownBy(() -> launch.position(4).run()).hasMessageContaining("do not fit");
    assertThatThrownBy(() -> launch.arg("capacity", 6).bind())
        .hasMessageContaining("'cache' needs");
  }

  @Test
  void widensEveryHalf() {
    MemorySegment halves = data.bytes(2L << 16);
    MemorySegment floats = data.bytes(4L << 16);
    for (int i = 0; i < 1 << 16; i++) {
      Memory.i16(halves.address() + 2L * i, (short) i);
    }
    Halves.widen(halves.address(), floats.address(), 1 << 16);
    for (int i = 0; i < 1 << 16; i++) {
      float expected = Float.float16ToFloat((short) i);
      float got = at(floats, i);
      if (Float.isNaN(expected)) {
        assertThat(got).isNaN();
      } else {
        assertThat(Float.floatToRawIntBits(got)).isEqualTo(Float.floatToRawIntBits(expected));
      }
    }
  }

  @Test
  void anItemDoesNotDependOnTheItemsRunWithIt() {
    Shape shape = new Shape(6, 3, 33, 21, false, 4, 64);
    MemorySegment q = data.normal(2 * 6 * 33, 1, random);
    MemorySegment k = data.normalHalves(64 * 3 * 33, 1, random);
    MemorySegment v = data.normalHalves(64 * 3 * 21, 1, random);
    MemorySegment together = data.bytes(Partial.bytes(2, 6, 4, 21));
    MemorySegment apart = data.bytes(Partial.bytes(2, 6, 4, 21));
    BoundKernel all = launch(shape, q, k, v, together, 2).position(50).bind();
    Launch single = launch(shape, q, k, v, apart, 2).position(50);
    BoundKernel one = single.bind();
    Worker worker = single.worker(one);
    all.run(0, all.items(), worker);
    for (long i = one.items() - 1; i >= 0; i--) {
      one.run(i, i + 1, worker);
    }
    assertThat(apart.mismatch(together)).isEqualTo(-1);
  }

  private MemorySegment attend(
      Shape s, MemorySegment q, MemorySegment k, MemorySegment v, int tokens, int position) {
    MemorySegment partial = data.bytes(Partial.bytes(tokens, s.heads(), s.splits(), s.dv()));
    partial.fill((byte) 0x7f); // NaN-like rubbish must not leak
    launch(s, q, k, v, partial, tokens).position(position).run();
    MemorySegment y = data.floats(tokens * s.heads() * s.dv());
    new Launch("attention_combine", arena)
        .slot("partial", partial)
        .slot("y", y)
        .tokens(tokens)
        .arg("heads", s.heads())
        .arg("dv", s.dv())
        .arg("splits", s.splits())
        .arg("y_stride", s.heads() * s.dv())
        .arg("y_head_stride", s.dv())
        .run();
    return y;
  }

  private Launch launch(
      Shape s,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment partial,
      int tokens) {
    int vWidth = s.mla() ? s.dk() : s.dv();
    return new Launch("attention", arena)
        .slot("q", q)
        .slot("k", k)
        .slot("v", v)
        .slot("partial", partial)
        .tokens(tokens)
        .arg("heads", s.heads())
        .arg("kv_heads", s.kvHeads())
        .arg("dk", s.dk())
        .arg("dv", s.dv())
        .arg("q_stride", s.heads() * s.dk())
        .arg("q_head_stride", s.dk())
        .arg("k_row_stride", s.kvHeads() * s.dk())
        .arg("k_head_stride", s.dk())
        .arg("v_row_stride", s.kvHeads() * vWidth)
        .arg("v_head_stride", vWidth)
        .arg("splits", s.splits())
        .arg("capacity", s.capacity())
        .arg("scale", (float) (1 / Math.sqrt(s.dk())));
  }

  private static double[] exact(
      Shape s,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      int t,
      int h,
      int visible,
      float scale) {
    int kvHead = h / (s.heads() / s.kvHeads());
    int vWidth = s.mla() ? s.dk() : s.dv();
    double[] scores = new double[visible];
    for (int p = 0; p < visible; p++) {
      for (int d = 0; d < s.dk(); d++) {
        scores[p] +=
            (double) at(q, (long) (t * s.heads() + h) * s.dk() + d)
                * halfAt(k, (long) (p * s.kvHeads() + kvHead) * s.dk() + d)
                * scale;
      }
    }
    double max = Arrays.stream(scores).max().orElseThrow();
    double sum = 0;
    double[] out = new double[s.dv()];
    for (int p = 0; p < visible; p++) {
      double w = Math.exp(scores[p] - max);
      sum += w;
      for (int d = 0; d < s.dv(); d++) {
        out[d] += w * halfAt(v, (long) (p * s.kvHeads() + kvHead) * vWidth + d);
      }
    }
    for (int d = 0; d < s.dv(); d++) {
      out[d] /= sum;
    }
    return out;
  }

  private static double distance(double[] got, double[] expected) {
    double error = 0;
    double norm = 0;
    for (int i = 0; i < got.length; i++) {
      error += (got[i] - expected[i]) * (got[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    return Math.sqrt(error / norm);
  }
}
