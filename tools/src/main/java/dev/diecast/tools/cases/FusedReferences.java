package dev.diecast.tools.cases;

import java.util.Map;

/** Kernels that multiply several matrices, or one matrix and more around it. */
final class FusedReferences {
  private static final int SEGMENTS = 4;

  private FusedReferences() {}

  static void addTo(Map<String, Reference> all) {
    all.put("linears", FusedReferences::linears);
    all.put("expert_gate_up", FusedReferences::expertGateUp);
    all.put("expert_down", FusedReferences::expertDown);
  }

  private static void linears(CaseData d, Expected out) {
    boolean lastOnly = d.i32("last_only") == 1;
    for (int t = lastOnly ? Math.max(0, d.tokens() - 1) : 0; t < d.tokens(); t++) {
      double[] x = normed(d, t);
      for (int i = 0; i < SEGMENTS; i++) {
        if (d.bound("w_" + i)) {
          long row = lastOnly ? 0 : t;
          segment(d, i, t, x).expect(out, "y_" + i, row * d.i32("y_" + i + "_stride"));
        }
      }
    }
  }

  private static Products segment(CaseData d, int i, int t, double[] x) {
    int rows = d.i32("rows_" + i);
    Products y = Products.of(d, "w_" + i, 0, d.i64("w_" + i + "_row_bytes"), rows, x);
    if (d.bound("up_" + i)) {
      return y.gate(Products.of(d, "up_" + i, 0, d.i64("up_" + i + "_row_bytes"), rows, x));
    }
    y.add(d.valuesIfBound("bias_" + i, 0, rows));
    long residual = (long) t * d.i32("residual_" + i + "_stride");
    y.add(d.valuesIfBound("residual_" + i, residual, rows));
    return y;
  }

  private static double[] normed(CaseData d, int t) {
    int cols = d.i32("cols");
    double[] x = d.values("x", (long) t * d.i32("x_stride"), cols);
    return d.bound("norm") ? rmsNorm(x, d.values("norm", 0, cols), d.f32("eps")) : x;
  }

  /** x / sqrt(mean(x^2) + eps) * w. */
  static double[] rmsNorm(double[] x, double[] w, double eps) {
    double squares = 0;
    for (double value : x) {
      squares += value * value;
    }
    double scale = 1 / Math.sqrt(squares / x.length + eps);
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] * scale * w[i];
    }
    return y;
  }

  private static void expertGateUp(CaseData d, Expected out) {
    int used = d.i32("n_used");
    int rows = d.i32("rows");
    for (int t = 0; t < d.tokens(); t++) {
      double[] x = normed(d, t);
      for (int j = 0; j < used; j++) {
        int e = d.id("ids", (long) t * used + j);
        Products gate = expert(d, "gate", e, rows, x);
        gate.gate(expert(d, "up", e, rows, x))
            .expect(out, "y", MatrixReferences.at(d, "y", t, "slot", j));
      }
    }
  }

  private static Products expert(CaseData d, String slot, int e, int rows, double[] x) {
    return Products.of(
        d, slot, e * d.i64(slot + "_expert_bytes"), d.i64(slot + "_row_bytes"), rows, x);
  }

  private static void expertDown(CaseData d, Expected out) {
    int used = d.i32("n_used");
    int rows = d.i32("rows");
    for (int t = 0; t < d.tokens(); t++) {
      var y = new Products(rows);
      for (int j = 0; j < used; j++) {
        double[] x = d.values("x", MatrixReferences.at(d, "x", t, "slot", j), d.i32("cols"));
        int e = d.id("ids", (long) t * used + j);
        y.add(expert(d, "w", e, rows, x), d.at("weights", (long) t * d.i32("weights_stride") + j));
      }
      if (d.bound("shared")) {
        double[] x =
            d.values("shared_x", (long) t * d.i32("shared_x_stride"), d.i32("shared_cols"));
        y.add(Products.of(d, "shared", 0, d.i64("shared_row_bytes"), rows, x), 1);
      }
      y.add(d.valuesIfBound("residual", (long) t * d.i32("residual_stride"), rows));
      y.expect(out, "y", (long) t * d.i32("y_stride"));
    }
  }
}
