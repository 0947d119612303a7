package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormTest implements NeedsClang {
  @ParameterizedTest
  @CsvSource({
    "1,1,4096,1,0",
    "2,3,128,2,0",
    "1,2,7,1,0",
    "3,1,2051,2,0",
    "3,1,576,2,1",
    "3,1,64,0,1",
    "2,2,5000,9,0"
  })
  void rmsNorm(int tokens, int heads, int n, int active, int lastOnly) {
    float eps = 1e-5f;
    float[] x = Bytes.random(1, tokens * heads * n);
    float[] w = Bytes.random(2, n);
    int head = n + 1;
    int rowsOut = lastOnly == 1 ? 1 : tokens;
    byte[] y =
        KernelRun.of("rms_norm")
            .args("n_tokens", tokens, "heads", heads, "n", n, "eps", eps, "last_only", lastOnly)
            .args("x_stride", heads * n, "x_head_stride", n)
            .args("y_stride", heads * head, "y_head_stride", head)
            .floats("x", x)
            .floats("w", w)
            .step(0, active)
            .output("y", 4L * rowsOut * heads * head)
            .run()
            .get("y");
    int real = Math.min(active, tokens);
    Rows rows = new Rows(y, heads * head, rowsOut, Math.min(real, rowsOut));
    for (int t = 0; t < rows.active(); t++) {
      int token = lastOnly == 1 ? real - 1 : t;
      for (int h = 0; h < heads; h++) {
        double[] expected = NormReference.rmsNorm(x, (token * heads + h) * n, w, n, eps);
        assertThat(Distance.relative(rows.at((t * heads + h) * head, n), expected))
            .isLessThan(1e-5);
      }
    }
    rows.assertRestUntouched();
  }
}
