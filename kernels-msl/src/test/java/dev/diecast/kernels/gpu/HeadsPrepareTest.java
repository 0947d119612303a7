package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadsPrepareTest implements NeedsClang {
  private static final float EPS = 1e-6f;

  @ParameterizedTest
  @CsvSource({
    "1,8,2,128,128,128,1,true,true,0,1,4",
    "3,4,4,64,48,32,0,false,true,2,2,5",
    "2,3,1,10,6,4,1,true,false,1,2,3", // the last row is the last of the cache
    "2,2,2,8,8,8,0,false,false,0,0,4",
    "2,2,1,16,16,16,1,false,false,4,2,5" // the second row lies behind the capacity
  })
  void prepares(
      int tokens,
      int heads,
      int kvHeads,
      int dk,
      int dv,
      int nRot,
      int neox,
      boolean qNormed,
      boolean kNormed,
      int position,
      int active,
      int capacity) {
    float[] q = Bytes.random(1, tokens * heads * dk);
    float[] k = Bytes.random(2, tokens * kvHeads * dk);
    float[] v = Bytes.random(3, tokens * kvHeads * dv);
    float[] angles = Bytes.random(4, tokens * nRot);
    float[] norm = Bytes.random(5, dk);
    float[] kCache = Bytes.randomHalves(6, capacity * kvHeads * dk);
    float[] vCache = Bytes.randomHalves(7, capacity * kvHeads * dv);
    KernelRun run =
        KernelRun.of("heads_prepare")
            .args("n_tokens", tokens, "heads", heads, "kv_heads", kvHeads, "dk", dk, "dv", dv)
            .args("n_rot", nRot, "neox", neox, "q_stride", heads * dk, "q_head_stride", dk)
            .args("k_stride", kvHeads * dk, "k_head_stride", dk)
            .args("v_stride", kvHeads * dv, "v_head_stride", dv)
            .args("y_stride", heads * dk, "y_head_stride", dk)
            .args("k_row_stride", kvHeads * dk, "v_row_stride", kvHeads * dv)
            .args("capacity", capacity, "eps", EPS)
            .floats("q", q)
            .floats("k", k)
            .floats("v", v)
            .floats("angles", angles)
            .step(position, active)
            .output("y", 4L * q.length)
            .halves("k_cache", kCache)
            .halves("v_cache", vCache);
    if (qNormed) {
      run.floats("q_norm", norm);
    }
    if (kNormed) {
      run.floats("k_norm", norm);
    }
    var results = run.run();
    Rows y = new Rows(results.get("y"), heads * dk, tokens, active);
    float[] keys = Bytes.fromHalves(results.get("k_cache"));
    float[] values = Bytes.fromHalves(results.get("v_cache"));
    for (int t = 0; t < active; t++) {
      for (int h = 0; h < heads; h++) {
        double[] in = head(q, (t * heads + h) * dk, dk, qNormed ? norm : null);
        double[] expected = RopeReference.rope(in, angles, t * nRot, nRot, neox == 1);
        assertThat(Distance.relative(y.at((t * heads + h) * dk, dk), expected)).isLessThan(1e-5);
      }
      for (int h = 0; position + t < capacity && h < kvHeads; h++) {
        double[] in = head(k, (t * kvHeads + h) * dk, dk, kNormed ? norm : null);
        double[] key = RopeReference.rope(in, angles, t * nRot, nRot, neox == 1);
        double[] value = head(v, (t * kvHeads + h) * dv, dv, null);
        int at = (position + t) * kvHeads + h;
        assertThat(Distance.relative(Arrays.copyOfRange(keys, at * dk, (at + 1) * dk), key))
            .isLessThan(1e-3);
        assertThat(Distance.relative(Arrays.copyOfRange(values, at * dv, (at + 1) * dv), value))
            .isLessThan(1e-3);
      }
    }
    y.assertRestUntouched();
    int written = Math.min(position + active, capacity);
    assertOutside(keys, kCache, position * kvHeads * dk, written * kvHeads * dk);
    assertOutside(values, vCache, position * kvHeads * dv, written * kvHeads * dv);
  }

  private static void assertOutside(float[] after, float[] before, int from, int to) {
    assertThat(Arrays.copyOf(after, from)).isEqualTo(Arrays.copyOf(before, from));
    assertThat(Arrays.copyOfRange(after, to, after.length))
        .isEqualTo(Arrays.copyOfRange(before, to, before.length));
  }

  private static double[] head(float[] x, int from, int n, float @Nullable [] norm) {
    if (norm != null) {
      return NormReference.rmsNorm(x, from, norm, n, EPS);
    }
    double[] head = new double[n];
    for (int i = 0; i < n; i++) {
      head[i] = x[from + i];
    }
    return head;
  }
}
