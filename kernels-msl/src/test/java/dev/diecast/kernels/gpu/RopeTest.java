package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RopeTest implements NeedsClang {
  @ParameterizedTest
  @CsvSource({
    "1,128,1e4,0,1",
    "3,64,5e5,131069,3",
    "2,2,1e4,4095,1",
    "2,130,1e6,77777,2",
    "2,64,1e4,5,0",
    "1,128,1.5,131071,1",
    "1,64,1e-3,131071,1" // frequencies far above 1
  })
  void angles(int tokens, int nRot, double base, int position, int active) {
    double[] frequencies = RopeReference.frequencies(nRot, base);
    float magnitude = 1.25f;
    byte[] y =
        KernelRun.of("rope_angles")
            .args("n_tokens", tokens, "n_rot", nRot, "magnitude", magnitude)
            .bytes("inv_freq", Bytes.of(frequencies))
            .step(position, active)
            .output("y", 4L * tokens * nRot)
            .run()
            .get("y");
    Rows rows = new Rows(y, nRot, tokens, active);
    for (int t = 0; t < active; t++) {
      float[] actual = rows.at(t * nRot, nRot);
      for (int i = 0; i < nRot / 2; i++) {
        double angle = frequencies[i] * (position + t);
        assertThat((double) actual[2 * i])
            .isCloseTo(Math.cos(angle) * magnitude, within(1e-6 * magnitude));
        assertThat((double) actual[2 * i + 1])
            .isCloseTo(Math.sin(angle) * magnitude, within(1e-6 * magnitude));
      }
    }
    rows.assertRestUntouched();
  }

  @ParameterizedTest
  @CsvSource({
    "1,4,128,128,1,1",
    "2,2,64,32,0,2",
    "3,1,6,2,1,2",
    "2,3,192,64,0,0",
    "1,1,2,2,0,1",
    "2,2,300,40,1,7"
  })
  void rope(int tokens, int heads, int n, int nRot, int neox, int active) {
    float[] x = Bytes.random(1, tokens * heads * n);
    float[] angles = Bytes.random(2, tokens * nRot);
    int head = n + 2;
    byte[] y =
        KernelRun.of("rope")
            .args("n_tokens", tokens, "heads", heads, "n", n, "n_rot", nRot, "neox", neox)
            .args("x_stride", heads * n, "x_head_stride", n)
            .args("y_stride", heads * head, "y_head_stride", head)
            .floats("x", x)
            .floats("angles", angles)
            .step(3, active)
            .output("y", 4L * tokens * heads * head)
            .run()
            .get("y");
    Rows rows = new Rows(y, heads * head, tokens, Math.min(active, tokens));
    for (int t = 0; t < rows.active(); t++) {
      for (int h = 0; h < heads; h++) {
        double[] in = new double[n];
        for (int i = 0; i < n; i++) {
          in[i] = x[(t * heads + h) * n + i];
        }
        double[] expected = RopeReference.rope(in, angles, t * nRot, nRot, neox == 1);
        assertThat(Distance.relative(rows.at((t * heads + h) * head, n), expected))
            .isLessThan(1e-5);
      }
    }
    rows.assertRestUntouched();
  }
}
