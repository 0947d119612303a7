package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatentPrepareTest implements NeedsClang {
  private static final float EPS = 1e-6f;

  @ParameterizedTest
  @CsvSource({
    "1,2,128,64,512,0,0,0,1,4",
    "2,1,192,64,128,1,1,1,1,3",
    "3,3,10,4,70,1,0,2,2,4", // the last row is the last of the cache
    "2,2,13,2,20,0,1,0,0,4",
    "2,2,16,8,65,1,1,2,2,3", // the second row lies behind the capacity
    "1,1,7,2,9,0,0,5,1,6"
  })
  void prepares(
      int tokens,
      int heads,
      int nope,
      int nRot,
      int latent,
      int transposed,
      int neox,
      int position,
      int active,
      int capacity) {
    int width = latent + nRot;
    int qHead = nope + nRot;
    float[] q = Bytes.random(1, tokens * heads * qHead);
    float[] kv = Bytes.random(2, tokens * width);
    float[] norm = Bytes.random(3, latent);
    float[] angles = Bytes.random(4, tokens * nRot);
    float[] w = Bytes.random(5, heads * nope * latent);
    float[] before = Bytes.randomHalves(6, capacity * width);
    var results =
        KernelRun.of("latent_prepare")
            .args("n_tokens", tokens, "heads", heads, "nope", nope, "n_rot", nRot)
            .args("latent", latent, "neox", neox, "q_stride", heads * qHead)
            .args("q_head_stride", qHead, "kv_stride", width)
            .args("y_stride", heads * width, "y_head_stride", width)
            .args("row_stride", width, "capacity", capacity, "eps", EPS)
            .args("row_bytes", 4L * (transposed == 1 ? latent : nope))
            .args("head_bytes", 4L * nope * latent)
            .constant("w_type", 0)
            .constant("transposed", transposed)
            .floats("q", q)
            .floats("kv", kv)
            .floats("norm", norm)
            .floats("angles", angles)
            .floats("w", w)
            .step(position, active)
            .output("y", 4L * tokens * heads * width)
            .halves("cache", before)
            .run();
    Rows y = new Rows(results.get("y"), heads * width, tokens, active);
    float[] cache = Bytes.fromHalves(results.get("cache"));
    for (int t = 0; t < active; t++) {
      for (int h = 0; h < heads; h++) {
        int at = (t * heads + h) * qHead;
        double[] in = doubles(q, at, nope);
        int matrix = h * nope * latent;
        double[] absorbed =
            transposed == 1
                ? MatrixReference.transposedTimes(w, matrix, latent, in)
                : MatrixReference.times(w, matrix, latent, in);
        double[] turned = turned(doubles(q, at + nope, nRot), angles, t, nRot, neox);
        int out = (t * heads + h) * width;
        assertThat(Distance.relative(y.at(out, latent), absorbed)).isLessThan(1e-5);
        assertThat(Distance.relative(y.at(out + latent, nRot), turned)).isLessThan(1e-5);
      }
      if (position + t < capacity) {
        double[] row = NormReference.rmsNorm(kv, t * width, norm, latent, EPS);
        double[] turned = turned(doubles(kv, t * width + latent, nRot), angles, t, nRot, neox);
        int at = (position + t) * width;
        float[] actual = Arrays.copyOfRange(cache, at, at + width);
        assertThat(Distance.relative(actual, row)).isLessThan(1e-3);
        assertThat(Distance.relative(Arrays.copyOfRange(actual, latent, width), turned))
            .isLessThan(1e-3);
      }
    }
    y.assertRestUntouched();
    int from = position * width;
    int to = Math.min(position + active, capacity) * width;
    assertThat(Arrays.copyOf(cache, from)).isEqualTo(Arrays.copyOf(before, from));
    assertThat(Arrays.copyOfRange(cache, to, cache.length))
        .isEqualTo(Arrays.copyOfRange(before, to, before.length));
  }

  private static double[] doubles(float[] x, int from, int n) {
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = x[from + i];
    }
    return y;
  }

  private static double[] turned(double[] x, float[] angles, int token, int nRot, int neox) {
    return RopeReference.rope(x, angles, token * nRot, nRot, neox == 1);
  }
}
