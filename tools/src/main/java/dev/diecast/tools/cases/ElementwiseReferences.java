package dev.diecast.tools.cases;

import static dev.diecast.tools.cases.MatrixReferences.at;

import java.util.Map;

/** Norms and element-wise kernels. */
final class ElementwiseReferences {
  private ElementwiseReferences() {}

  static void addTo(Map<String, Reference> all) {
    all.put("rms_norm", ElementwiseReferences::rmsNorm);
    all.put("silu_mul", ElementwiseReferences::siluMul);
    all.put("add", (d, out) -> add(d, out, "a", "b"));
    all.put("add_bias", (d, out) -> add(d, out, "x", "bias"));
    all.put("expert_combine", ElementwiseReferences::expertCombine);
  }

  private static void rmsNorm(CaseData d, Expected out) {
    boolean lastOnly = d.i32("last_only") == 1;
    int n = d.i32("n");
    double[] w = d.values("w", 0, n);
    for (int t = lastOnly ? Math.max(0, d.tokens() - 1) : 0; t < d.tokens(); t++) {
      for (int h = 0; h < d.i32("heads"); h++) {
        double[] x = d.values("x", at(d, "x", t, "head", h), n);
        double[] y = FusedReferences.rmsNorm(x, w, d.f32("eps"));
        out.row("y", at(d, "y", lastOnly ? 0 : t, "head", h), y);
      }
    }
  }

  private static void siluMul(CaseData d, Expected out) {
    int n = d.i32("n");
    for (int t = 0; t < d.tokens(); t++) {
      for (int j = 0; j < d.i32("n_slots"); j++) {
        double[] gate = d.values("gate", at(d, "gate", t, "slot", j), n);
        double[] up = d.values("up", at(d, "up", t, "slot", j), n);
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
          y[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
        }
        out.row("y", at(d, "y", t, "slot", j), y);
      }
    }
  }

  private static void add(CaseData d, Expected out, String a, String b) {
    int n = d.i32("n");
    for (int t = 0; t < d.tokens(); t++) {
      double[] y = d.values(a, (long) t * d.i32(a + "_stride"), n);
      double[] more = d.values(b, b.equals("bias") ? 0 : (long) t * d.i32(b + "_stride"), n);
      for (int i = 0; i < n; i++) {
        y[i] += more[i];
      }
      out.row("y", (long) t * d.i32("y_stride"), y, 1);
    }
  }

  private static void expertCombine(CaseData d, Expected out) {
    int n = d.i32("n");
    for (int t = 0; t < d.tokens(); t++) {
      var y = new Products(n);
      for (int j = 0; j < d.i32("n_used"); j++) {
        double weight = d.at("weights", (long) t * d.i32("weights_stride") + j);
        double[] x = d.values("x", at(d, "x", t, "slot", j), n);
        for (int i = 0; i < n; i++) {
          y.add(i, weight * x[i]);
        }
      }
      y.add(d.valuesIfBound("residual", (long) t * d.i32("residual_stride"), n));
      y.add(d.valuesIfBound("shared", (long) t * d.i32("shared_stride"), n));
      y.expect(out, "y", (long) t * d.i32("y_stride"));
    }
  }
}
