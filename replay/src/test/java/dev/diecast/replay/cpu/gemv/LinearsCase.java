package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.gguf.TensorType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One call of {@code linears} against double precision. */
record LinearsCase(
    int cols, int tokens, int active, boolean norm, boolean lastOnly, List<Part> parts) {
  private static final float EPS = 1e-5f;

  /**
   * One segment. A residual is the previous content of y, except where only one row of y exists.
   */
  record Part(TensorType type, @Nullable TensorType up, int rows, boolean bias, boolean residual) {
    static Part plain(TensorType type, int rows) {
      return new Part(type, null, rows, false, false);
    }

    static Part sum(TensorType type, int rows) {
      return new Part(type, null, rows, true, true);
    }

    static Part gated(TensorType type, TensorType up, int rows) {
      return new Part(type, up, rows, false, false);
    }

    List<TensorType> types() {
      return up == null ? List.of(type) : List.of(type, up);
    }

    int stride() {
      return rows + 3;
    }
  }

  static LinearsCase of(int cols, int tokens, int active, boolean norm, Part... parts) {
    return new LinearsCase(cols, tokens, active, norm, false, List.of(parts));
  }

  static LinearsCase last(int cols, int tokens, int active, boolean norm, Part... parts) {
    return new LinearsCase(cols, tokens, active, norm, true, List.of(parts));
  }

  void check() {
    try (Arena arena = Arena.ofConfined()) {
      Random random = new Random(cols * 31L + tokens);
      Dispatch d = new Dispatch("linears", arena);
      int xStride = cols + 5;
      float[] x = Fixtures.gaussian(tokens * xStride, random);
      d.floats("x", x);
      float[] normWeights = norm ? Fixtures.normWeights(cols, random) : null;
      if (normWeights != null) {
        d.floats("norm", normWeights);
      }
      d.arg("n_tokens", tokens).arg("cols", cols).arg("x_stride", xStride);
      d.arg("last_only", lastOnly ? 1 : 0).arg("eps", EPS);
      d.active(active);
      List<float[]> initial = new ArrayList<>();
      List<double[]> want = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        bind(d, i, random);
        if (i < parts.size()) {
          initial.add(d.floats("y_" + i));
          want.add(want(d, i, x, xStride, normWeights));
        }
      }
      var bound = d.bind();
      d.run(bound, 1, bound.grain());
      for (int i = 0; i < parts.size(); i++) {
        Fixtures.near(d, "y_" + i, want.get(i), Fixtures.tolerance(parts.get(i).types()));
      }
      Fixtures.sameBitsHoweverCut(
          d,
          parts.stream().map(part -> "y_" + parts.indexOf(part)).toList(),
          () -> {
            for (int i = 0; i < parts.size(); i++) {
              d.write("y_" + i, initial.get(i));
            }
          });
    }
  }

  private void bind(Dispatch d, int i, Random random) {
    Part part = i < parts.size() ? parts.get(i) : null;
    int rows = part == null ? 0 : part.rows();
    TensorType type = part == null ? null : part.type();
    TensorType up = part == null ? null : part.up();
    int stride = part == null ? 0 : part.stride();
    Fixtures.weights(d, "w_" + i, type, rows, cols, random);
    Fixtures.weights(d, "up_" + i, up, rows, cols, random);
    if (part != null) {
      d.floats("y_" + i, Fixtures.gaussian((lastOnly ? 1 : tokens) * stride, random));
      if (part.bias()) {
        d.floats("bias_" + i, Fixtures.gaussian(rows, random));
      }
      if (part.residual() && lastOnly) {
        d.floats("residual_" + i, Fixtures.gaussian(tokens * stride, random));
      } else if (part.residual()) {
        d.alias("residual_" + i, "y_" + i);
      }
    }
    d.arg("rows_" + i, rows).arg("y_" + i + "_stride", stride);
    d.arg("residual_" + i + "_stride", stride);
    d.arg("w_" + i + "_row_bytes", Fixtures.rowBytes(type, cols));
    d.arg("up_" + i + "_row_bytes", Fixtures.rowBytes(up, cols));
  }

  private double[] want(Dispatch d, int i, float[] x, int xStride, float @Nullable [] normWeights) {
    Part part = parts.get(i);
    double[] want = Fixtures.widened(d.floats("y_" + i));
    double[][] w = Fixtures.rows(d, "w_" + i, part.type(), part.rows(), cols);
    double[][] up = Fixtures.rows(d, "up_" + i, part.up(), part.rows(), cols);
    float[] bias = part.bias() ? d.floats("bias_" + i) : new float[part.rows()];
    float[] residual = part.residual() ? d.floats("residual_" + i) : new float[0];
    int now = Math.min(tokens, active);
    for (int t = lastOnly ? Math.max(0, now - 1) : 0; t < now; t++) {
      double[] n = Fixtures.vector(x, t * xStride, cols, normWeights, EPS);
      for (int r = 0; r < part.rows(); r++) {
        double y = Fixtures.dot(w[r], n);
        if (part.up() != null) {
          y = Fixtures.siluMul(y, Fixtures.dot(up[r], n));
        }
        y += bias[r];
        if (part.residual()) {
          y += residual[t * part.stride() + r];
        }
        want[(lastOnly ? 0 : t) * part.stride() + r] = y;
      }
    }
    return want;
  }
}
