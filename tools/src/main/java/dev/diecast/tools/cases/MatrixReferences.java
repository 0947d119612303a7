package dev.diecast.tools.cases;

import java.util.Map;

/** Kernels that read the weights of one matrix, of one type. */
final class MatrixReferences {
  private MatrixReferences() {}

  static void addTo(Map<String, Reference> all, String type) {
    all.put("embed_" + type, MatrixReferences::embed);
    all.put("gemv_" + type, MatrixReferences::gemv);
    all.put("head_gemv_" + type, MatrixReferences::headGemv);
    all.put("head_gemv_t_" + type, MatrixReferences::headGemvT);
    all.put("expert_gemv_" + type, MatrixReferences::expertGemv);
  }

  private static void embed(CaseData d, Expected out) {
    for (int t = 0; t < d.tokens(); t++) {
      double[] row = d.row("w", d.id("tokens", t) * d.i64("row_bytes"), d.i32("cols"));
      out.row("y", (long) t * d.i32("y_stride"), row);
    }
  }

  private static void gemv(CaseData d, Expected out) {
    int rows = d.i32("rows");
    for (int t = 0; t < d.tokens(); t++) {
      double[] x = d.values("x", (long) t * d.i32("x_stride"), d.i32("cols"));
      Products y = Products.of(d, "w", 0, d.i64("row_bytes"), rows, x);
      y.add(d.valuesIfBound("bias", 0, rows));
      y.add(d.valuesIfBound("residual", (long) t * d.i32("residual_stride"), rows));
      y.expect(out, "y", (long) t * d.i32("y_stride"));
    }
  }

  private static void headGemv(CaseData d, Expected out) {
    for (int t = 0; t < d.tokens(); t++) {
      for (int h = 0; h < d.i32("heads"); h++) {
        double[] x = d.values("x", at(d, "x", t, "head", h), d.i32("cols"));
        Products.of(d, "w", h * d.i64("head_bytes"), d.i64("row_bytes"), d.i32("rows"), x)
            .expect(out, "y", at(d, "y", t, "head", h));
      }
    }
  }

  private static void headGemvT(CaseData d, Expected out) {
    for (int t = 0; t < d.tokens(); t++) {
      for (int h = 0; h < d.i32("heads"); h++) {
        double[] x = d.values("x", at(d, "x", t, "head", h), d.i32("rows"));
        Products.transposed(d, "w", h * d.i64("head_bytes"), d.i64("row_bytes"), d.i32("cols"), x)
            .expect(out, "y", at(d, "y", t, "head", h));
      }
    }
  }

  private static void expertGemv(CaseData d, Expected out) {
    int used = d.i32("n_used");
    for (int t = 0; t < d.tokens(); t++) {
      for (int j = 0; j < used; j++) {
        double[] x = d.values("x", at(d, "x", t, "slot", j), d.i32("cols"));
        long expert = d.id("ids", (long) t * used + j) * d.i64("expert_bytes");
        Products.of(d, "w", expert, d.i64("row_bytes"), d.i32("rows"), x)
            .expect(out, "y", at(d, "y", t, "slot", j));
      }
    }
  }

  /** Index of the vector of a token and a head (or slot). */
  static long at(CaseData d, String slot, int token, String part, int index) {
    return (long) token * d.i32(slot + "_stride")
        + (long) index * d.i32(slot + "_" + part + "_stride");
  }
}
