package dev.diecast.tools.cases;

import static dev.diecast.tools.cases.MatrixReferences.at;

import java.util.Map;

/** Attention over the KV cache, in parts and as a whole. */
final class AttentionReferences {
  /** Maximum and sum in front of the values of a partial result. */
  private static final int HEADER = 2;

  private AttentionReferences() {}

  static void addTo(Map<String, Reference> all) {
    all.put("attention", AttentionReferences::attention);
    all.put("attention_combine", AttentionReferences::combine);
    all.put("split_attention", AttentionReferences::splitAttention);
  }

  /** A softmax over some positions. */
  private record Partial(double max, double sum, double[] values) {
    static Partial of(CaseData d, int t, int h, long from, long to) {
      double[] scores = new double[(int) (to - from)];
      double max = Double.NEGATIVE_INFINITY;
      double[] q = d.values("q", at(d, "q", t, "head", h), d.i32("dk"));
      for (int i = 0; i < scores.length; i++) {
        double[] k = row(d, "k", from + i, h, "dk");
        for (int j = 0; j < q.length; j++) {
          scores[i] += q[j] * k[j];
        }
        scores[i] *= d.f32("scale");
        max = Math.max(max, scores[i]);
      }
      double sum = 0;
      double[] values = new double[d.i32("dv")];
      for (int i = 0; i < scores.length; i++) {
        double weight = Math.exp(scores[i] - max);
        sum += weight;
        double[] v = row(d, "v", from + i, h, "dv");
        for (int j = 0; j < values.length; j++) {
          values[j] += weight * v[j];
        }
      }
      return new Partial(max, sum, values);
    }

    private static double[] row(CaseData d, String slot, long position, int h, String width) {
      long kvHead = h / (d.i32("heads") / d.i32("kv_heads"));
      long at = position * d.i32(slot + "_row_stride") + kvHead * d.i32(slot + "_head_stride");
      return d.values(slot, at, d.i32(width));
    }

    double[] divided() {
      double[] y = values.clone();
      for (int i = 0; i < y.length; i++) {
        y[i] /= sum;
      }
      return y;
    }
  }

  private static void attention(CaseData d, Expected out) {
    int splits = d.i32("splits");
    int width = HEADER + d.i32("dv");
    for (int t = 0; t < d.tokens(); t++) {
      for (int h = 0; h < d.i32("heads"); h++) {
        for (int s = 0; s < splits; s++) {
          long visible = d.position() + t + 1L;
          Partial p = Partial.of(d, t, h, visible * s / splits, visible * (s + 1) / splits);
          long at = (((long) t * d.i32("heads") + h) * splits + s) * width;
          out.row("partial", at, new double[] {p.max()}, 1);
          out.row("partial", at + 1, p.sum());
          if (p.sum() == 0) {
            out.unspecified("partial", at + HEADER, d.i32("dv"));
          } else {
            out.row("partial", at + HEADER, p.values());
          }
        }
      }
    }
  }

  private static void combine(CaseData d, Expected out) {
    int splits = d.i32("splits");
    int dv = d.i32("dv");
    for (int t = 0; t < d.tokens(); t++) {
      for (int h = 0; h < d.i32("heads"); h++) {
        long first = ((long) t * d.i32("heads") + h) * splits * (HEADER + dv);
        out.row("y", at(d, "y", t, "head", h), joined(d, first, splits, dv));
      }
    }
  }

  private static double[] joined(CaseData d, long first, int splits, int dv) {
    double max = Double.NEGATIVE_INFINITY;
    for (int s = 0; s < splits; s++) {
      max = Math.max(max, d.at("partial", first + (long) s * (HEADER + dv)));
    }
    double sum = 0;
    double[] y = new double[dv];
    for (int s = 0; s < splits; s++) {
      long at = first + (long) s * (HEADER + dv);
      double part = d.at("partial", at + 1);
      if (part != 0) {
        double weight = Math.exp(d.at("partial", at) - max);
        sum += weight * part;
        for (int i = 0; i < dv; i++) {
          y[i] += weight * d.at("partial", at + HEADER + i);
        }
      }
    }
    for (int i = 0; i < dv; i++) {
      y[i] /= sum;
    }
    return y;
  }

  private static void splitAttention(CaseData d, Expected out) {
    long width = (long) HEADER + d.i32("dv");
    long heads = d.i32("heads");
    out.unspecified("partial", 0, d.i32("n_tokens") * heads * d.i32("splits") * width);
    for (int t = 0; t < d.tokens(); t++) {
      for (int h = 0; h < heads; h++) {
        double[] joined = Partial.of(d, t, h, 0, d.position() + t + 1L).divided();
        long y = at(d, "y", t, "head", h);
        if (d.bound("value")) {
          long head = h * d.i64("head_bytes");
          Products.of(d, "value", head, d.i64("row_bytes"), d.i32("value_rows"), joined)
              .expect(out, "y", y);
        } else {
          out.row("y", y, joined);
        }
      }
    }
  }
}
