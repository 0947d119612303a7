package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.gguf.TensorType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code expert_gate_up} or {@code expert_down} against double precision.
 *
 * @param second the type of up, or of the shared experts
 * @param extra whether there is a norm, or a residual in the place of y
 */
record ExpertsCase(
    TensorType first,
    @Nullable TensorType second,
    int rows,
    int cols,
    int tokens,
    int active,
    boolean extra) {
  private static final float EPS = 1e-5f;
  private static final int EXPERTS = 5;
  private static final int USED = 3;

  void gateUp() {
    TensorType up = second == null ? first : second;
    try (Arena arena = Arena.ofConfined()) {
      Random random = new Random(cols * 31L + tokens);
      Dispatch d = new Dispatch("expert_gate_up", arena);
      Fixtures.weights(d, "gate", first, (long) EXPERTS * rows, cols, random);
      Fixtures.weights(d, "up", up, (long) EXPERTS * rows, cols, random);
      Fixtures.ids(d, tokens, USED, EXPERTS);
      int xStride = cols + 5;
      float[] x = Fixtures.gaussian(tokens * xStride, random);
      d.floats("x", x);
      float[] norm = extra ? Fixtures.normWeights(cols, random) : null;
      if (norm != null) {
        d.floats("norm", norm);
      }
      int ySlot = rows + 2;
      float[] initial = Fixtures.gaussian(tokens * USED * ySlot, random);
      d.floats("y", initial);
      sizes(d).arg("x_stride", xStride).arg("y_stride", USED * ySlot).arg("y_slot_stride", ySlot);
      d.arg("gate_row_bytes", first.rowBytes(cols)).arg("up_row_bytes", up.rowBytes(cols));
      d.arg("gate_expert_bytes", rows * first.rowBytes(cols));
      d.arg("up_expert_bytes", rows * up.rowBytes(cols)).arg("eps", EPS);
      double[][] gates = Fixtures.rows(d, "gate", first, EXPERTS * rows, cols);
      double[][] ups = Fixtures.rows(d, "up", up, EXPERTS * rows, cols);
      double[] want = Fixtures.widened(initial);
      for (int t = 0; t < Math.min(active, tokens); t++) {
        double[] n = Fixtures.vector(x, t * xStride, cols, norm, EPS);
        for (int j = 0; j < USED; j++) {
          int row = Fixtures.id(d, t, j, USED) * rows;
          for (int r = 0; r < rows; r++) {
            want[(t * USED + j) * ySlot + r] =
                Fixtures.siluMul(Fixtures.dot(gates[row + r], n), Fixtures.dot(ups[row + r], n));
          }
        }
      }
      check(d, want, initial, Fixtures.tolerance(List.of(first, up)));
    }
  }

  void down() {
    try (Arena arena = Arena.ofConfined()) {
      Random random = new Random(cols * 31L + tokens);
      Dispatch d = new Dispatch("expert_down", arena);
      int sharedCols = 2 * cols;
      Fixtures.weights(d, "w", first, (long) EXPERTS * rows, cols, random);
      Fixtures.weights(d, "shared", second, rows, sharedCols, random);
      Fixtures.ids(d, tokens, USED, EXPERTS);
      int xSlot = cols + 3;
      float[] x = Fixtures.gaussian(tokens * USED * xSlot, random);
      d.floats("x", x);
      float[] weights = Fixtures.gaussian(tokens * (USED + 1), random);
      d.floats("weights", weights);
      float[] sharedX = Fixtures.gaussian(tokens * (sharedCols + 1), random);
      if (second != null) {
        d.floats("shared_x", sharedX);
      }
      int yStride = rows + 3;
      float[] initial = Fixtures.gaussian(tokens * yStride, random);
      d.floats("y", initial);
      if (extra) {
        d.alias("residual", "y");
      }
      sizes(d).arg("shared_cols", sharedCols).arg("x_stride", USED * xSlot);
      d.arg("x_slot_stride", xSlot).arg("weights_stride", USED + 1).arg("y_stride", yStride);
      d.arg("shared_x_stride", sharedCols + 1).arg("residual_stride", yStride);
      d.arg("w_row_bytes", first.rowBytes(cols));
      d.arg("w_expert_bytes", rows * first.rowBytes(cols));
      d.arg("shared_row_bytes", Fixtures.rowBytes(second, sharedCols));
      double[][] w = Fixtures.rows(d, "w", first, EXPERTS * rows, cols);
      double[][] shared = Fixtures.rows(d, "shared", second, rows, sharedCols);
      double[] want = Fixtures.widened(initial);
      for (int t = 0; t < Math.min(active, tokens); t++) {
        double[] rest = Fixtures.vector(sharedX, t * (sharedCols + 1), sharedCols, null, EPS);
        for (int r = 0; r < rows; r++) {
          want[t * yStride + r] = extra ? initial[t * yStride + r] : 0;
          want[t * yStride + r] += second == null ? 0 : Fixtures.dot(shared[r], rest);
        }
        for (int j = 0; j < USED; j++) {
          double[] vector = Fixtures.vector(x, (t * USED + j) * xSlot, cols, null, EPS);
          int row = Fixtures.id(d, t, j, USED) * rows;
          for (int r = 0; r < rows; r++) {
            want[t * yStride + r] += weights[t * (USED + 1) + j] * Fixtures.dot(w[row + r], vector);
          }
        }
      }
      List<TensorType> types = new ArrayList<>(List.of(first));
      if (second != null) {
        types.add(second);
      }
      check(d, want, initial, Fixtures.tolerance(types));
    }
  }

  private Dispatch sizes(Dispatch d) {
    d.active(active);
    return d.arg("n_tokens", tokens)
        .arg("n_expert", EXPERTS)
        .arg("n_used", USED)
        .arg("rows", rows)
        .arg("cols", cols);
  }

  private static void check(Dispatch d, double[] want, float[] initial, double tolerance) {
    var bound = d.bind();
    d.run(bound, 1, bound.grain());
    Fixtures.near(d, "y", want, tolerance);
    Fixtures.sameBitsHoweverCut(d, List.of("y"), () -> d.write("y", initial));
  }
}
