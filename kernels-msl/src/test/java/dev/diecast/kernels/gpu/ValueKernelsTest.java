package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels that compute value by value. */
class ValueKernelsTest implements NeedsClang {
  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @CsvSource({"1,1,1,1", "3,2,300,2", "2,1,256,0", "1,4,37,1", "2,2,64,5"})
  void siluMul(int tokens, int slots, int n, int active) {
    int row = n + 3;
    float[] gate = Bytes.random(1, tokens * slots * row);
    float[] up = Bytes.random(2, tokens * slots * row);
    byte[] y =
        KernelRun.of("silu_mul")
            .args("n_tokens", tokens, "n_slots", slots, "n", n)
            .args("gate_stride", slots * row, "gate_slot_stride", row)
            .args("up_stride", slots * row, "up_slot_stride", row)
            .args("y_stride", slots * row, "y_slot_stride", row)
            .floats("gate", gate)
            .floats("up", up)
            .step(7, active)
            .output("y", 4L * gate.length)
            .run()
            .get("y");
    Rows rows = new Rows(y, slots * row, tokens, Math.min(active, tokens));
    for (int t = 0; t < rows.active(); t++) {
      for (int s = 0; s < slots; s++) {
        int at = (t * slots + s) * row;
        double[] expected = new double[n];
        for (int i = 0; i < n; i++) {
          expected[i] = gate[at + i] / (1 + Math.exp(-gate[at + i])) * up[at + i];
        }
        assertThat(Distance.relative(rows.at(at, n), expected)).isLessThan(TOLERANCE);
        rows.assertUntouched(at + n, row - n);
      }
    }
    rows.assertRestUntouched();
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "3,2048,2", "2,257,0", "4,100,9"})
  void add(int tokens, int n, int active) {
    int row = n + 1;
    float[] a = Bytes.random(1, tokens * row);
    float[] b = Bytes.random(2, tokens * n);
    byte[] y =
        KernelRun.of("add")
            .args("n_tokens", tokens, "n", n, "a_stride", row, "b_stride", n, "y_stride", row)
            .floats("a", a)
            .floats("b", b)
            .step(0, active)
            .output("y", 4L * a.length)
            .run()
            .get("y");
    Rows rows = new Rows(y, row, tokens, Math.min(active, tokens));
    for (int t = 0; t < rows.active(); t++) {
      for (int i = 0; i < n; i++) {
        assertThat(rows.at(t * row + i, 1)[0]).isEqualTo(a[t * row + i] + b[t * n + i]);
      }
      rows.assertUntouched(t * row + n, 1);
    }
    rows.assertRestUntouched();
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "3,2048,2", "2,257,0", "4,100,9"})
  void addBias(int tokens, int n, int active) {
    float[] x = Bytes.random(1, tokens * n);
    float[] bias = Bytes.random(2, n);
    byte[] y =
        KernelRun.of("add_bias")
            .args("n_tokens", tokens, "n", n, "x_stride", n, "y_stride", n)
            .floats("x", x)
            .floats("bias", bias)
            .step(0, active)
            .output("y", 4L * x.length)
            .run()
            .get("y");
    Rows rows = new Rows(y, n, tokens, Math.min(active, tokens));
    for (int i = 0; i < rows.active() * n; i++) {
      assertThat(rows.at(i, 1)[0]).isEqualTo(x[i] + bias[i % n]);
    }
    rows.assertRestUntouched();
  }

  @ParameterizedTest
  @CsvSource({
    "1,8,300,1,true,true",
    "3,1,64,2,true,false",
    "2,6,33,2,false,true",
    "2,2,5,0,false,false",
    "2,4,129,3,false,false"
  })
  void expertCombine(
      int tokens, int used, int n, int active, boolean residualBound, boolean sharedBound) {
    float[] x = Bytes.random(1, tokens * used * n);
    float[] weights = Bytes.random(2, tokens * (used + 1));
    float[] residual = Bytes.random(3, tokens * n);
    float[] shared = Bytes.random(4, tokens * n);
    KernelRun run =
        KernelRun.of("expert_combine")
            .args("n_tokens", tokens, "n_used", used, "n", n)
            .args("x_stride", used * n, "x_slot_stride", n, "weights_stride", used + 1)
            .args("y_stride", n, "residual_stride", n, "shared_stride", n)
            .floats("x", x)
            .floats("weights", weights)
            .step(0, active)
            .output("y", 4L * tokens * n);
    if (residualBound) {
      run.floats("residual", residual);
    }
    if (sharedBound) {
      run.floats("shared", shared);
    }
    Rows rows = new Rows(run.run().get("y"), n, tokens, Math.min(active, tokens));
    for (int t = 0; t < rows.active(); t++) {
      double[] expected = new double[n];
      for (int i = 0; i < n; i++) {
        expected[i] = residualBound ? residual[t * n + i] : 0;
        expected[i] += sharedBound ? shared[t * n + i] : 0;
        for (int j = 0; j < used; j++) {
          expected[i] += (double) weights[t * (used + 1) + j] * x[(t * used + j) * n + i];
        }
      }
      assertThat(Distance.relative(rows.at(t * n, n), expected)).isLessThan(TOLERANCE);
    }
    rows.assertRestUntouched();
  }

  @ParameterizedTest
  @CsvSource({
    "1,64,0,1,4", // empty context
    "2,128,2,2,4", // up to the capacity
    "3,7,1,2,9",
    "2,300,3,0,8",
    "3,8,3,3,5", // the last row lies behind the capacity
    "1,8,-1,1,5"
  })
  void kvWrite(int tokens, int n, int position, int active, int capacity) {
    float[] x = Bytes.random(1, tokens * n);
    int row = n + 8;
    float[] before = Bytes.randomHalves(2, capacity * row);
    byte[] cache =
        KernelRun.of("kv_write")
            .args("n_tokens", tokens, "n", n, "x_stride", n)
            .args("row_stride", row, "capacity", capacity)
            .floats("x", x)
            .step(position, active)
            .halves("cache", before)
            .run()
            .get("cache");
    float[] expected = before.clone();
    for (int t = 0; t < active; t++) {
      int p = position + t;
      for (int i = 0; p >= 0 && p < capacity && i < n; i++) {
        expected[p * row + i] = Float.float16ToFloat(Float.floatToFloat16(x[t * n + i]));
      }
    }
    assertThat(Bytes.fromHalves(cache)).isEqualTo(expected);
  }
}
