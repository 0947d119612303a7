package dev.diecast.tools.cases;

import static dev.diecast.tools.cases.MatrixReferences.at;

import java.util.Arrays;
import java.util.Map;

/** Rotations, and what goes with them into the KV cache. */
final class RopeReferences {
  private RopeReferences() {}

  static void addTo(Map<String, Reference> all) {
    all.put("rope_angles", RopeReferences::angles);
    all.put("rope", RopeReferences::rope);
    all.put("kv_write", RopeReferences::kvWrite);
    all.put("heads_prepare", RopeReferences::headsPrepare);
    all.put("latent_prepare", RopeReferences::latentPrepare);
  }

  private static void angles(CaseData d, Expected out) {
    int pairs = d.i32("n_rot") / 2;
    for (int t = 0; t < d.tokens(); t++) {
      for (int i = 0; i < pairs; i++) {
        double angle = d.f64("inv_freq", i) * (d.position() + t);
        double magnitude = d.f32("magnitude");
        out.row(
            "y", 2L * pairs * t + 2L * i, Math.cos(angle) * magnitude, Math.sin(angle) * magnitude);
      }
    }
  }

  private static void rope(CaseData d, Expected out) {
    for (int t = 0; t < d.tokens(); t++) {
      for (int h = 0; h < d.i32("heads"); h++) {
        double[] x = d.values("x", at(d, "x", t, "head", h), d.i32("n"));
        out.row("y", at(d, "y", t, "head", h), rotated(d, x, t));
      }
    }
  }

  /** The first n_rot values turned by the angles of a token, the others as they are. */
  private static double[] rotated(CaseData d, double[] x, int t) {
    int pairs = d.i32("n_rot") / 2;
    boolean neox = d.i32("neox") == 1;
    double[] y = x.clone();
    for (int i = 0; i < pairs; i++) {
      double cos = d.at("angles", 2L * (t * pairs + i));
      double sin = d.at("angles", 2L * (t * pairs + i) + 1);
      int a = neox ? i : 2 * i;
      int b = neox ? i + pairs : 2 * i + 1;
      y[a] = x[a] * cos - x[b] * sin;
      y[b] = x[a] * sin + x[b] * cos;
    }
    return y;
  }

  private static void kvWrite(CaseData d, Expected out) {
    for (int t = 0; t < d.tokens(); t++) {
      double[] x = d.values("x", (long) t * d.i32("x_stride"), d.i32("n"));
      out.row("cache", (long) (d.position() + t) * d.i32("row_stride"), x);
    }
  }

  private static void headsPrepare(CaseData d, Expected out) {
    int dk = d.i32("dk");
    int dv = d.i32("dv");
    for (int t = 0; t < d.tokens(); t++) {
      for (int h = 0; h < d.i32("heads"); h++) {
        double[] q = normedIfBound(d, "q_norm", d.values("q", at(d, "q", t, "head", h), dk));
        out.row("y", at(d, "y", t, "head", h), rotated(d, q, t));
      }
      long position = (long) d.position() + t;
      for (int h = 0; h < d.i32("kv_heads"); h++) {
        double[] k = normedIfBound(d, "k_norm", d.values("k", at(d, "k", t, "head", h), dk));
        out.row("k_cache", position * d.i32("k_row_stride") + (long) h * dk, rotated(d, k, t));
        double[] v = d.values("v", at(d, "v", t, "head", h), dv);
        out.row("v_cache", position * d.i32("v_row_stride") + (long) h * dv, v);
      }
    }
  }

  private static double[] normedIfBound(CaseData d, String norm, double[] x) {
    return d.bound(norm)
        ? FusedReferences.rmsNorm(x, d.values(norm, 0, x.length), d.f32("eps"))
        : x;
  }

  private static void latentPrepare(CaseData d, Expected out) {
    int nope = d.i32("nope");
    int latent = d.i32("latent");
    int rot = d.i32("n_rot");
    for (int t = 0; t < d.tokens(); t++) {
      for (int h = 0; h < d.i32("heads"); h++) {
        double[] q = d.values("q", at(d, "q", t, "head", h), nope + rot);
        long y = at(d, "y", t, "head", h);
        absorbed(d, h, Arrays.copyOf(q, nope)).expect(out, "y", y);
        out.row("y", y + latent, rotated(d, Arrays.copyOfRange(q, nope, nope + rot), t));
      }
      double[] kv = d.values("kv", (long) t * d.i32("kv_stride"), latent + rot);
      double[] norm = d.values("norm", 0, latent);
      long row = (long) (d.position() + t) * d.i32("row_stride");
      double[] c = FusedReferences.rmsNorm(Arrays.copyOf(kv, latent), norm, d.f32("eps"));
      out.row("cache", row, c);
      double[] k = rotated(d, Arrays.copyOfRange(kv, latent, latent + rot), t);
      out.row("cache", row + latent, k);
    }
  }

  private static Products absorbed(CaseData d, int h, double[] q) {
    long head = h * d.i64("head_bytes");
    int latent = d.i32("latent");
    return d.constant("transposed") == 1
        ? Products.transposed(d, "w", head, d.i64("row_bytes"), latent, q)
        : Products.of(d, "w", head, d.i64("row_bytes"), latent, q);
  }
}
