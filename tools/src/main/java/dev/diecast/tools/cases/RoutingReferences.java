package dev.diecast.tools.cases;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;

/** The choice of experts. */
final class RoutingReferences {
  private static final int SOFTMAX = 1;
  private static final double LEAST_SUM = 6.103515625e-5;

  private RoutingReferences() {}

  static void addTo(Map<String, Reference> all) {
    all.put("route", RoutingReferences::route);
  }

  private static void route(CaseData d, Expected out) {
    int experts = d.i32("n_expert");
    int used = d.i32("n_used");
    for (int t = 0; t < d.tokens(); t++) {
      double[] logits = d.values("logits", (long) t * d.i32("logits_stride"), experts);
      double[] p = d.i32("gating") == SOFTMAX ? softmax(logits) : sigmoid(logits);
      double[] bias = d.valuesIfBound("bias", 0, experts);
      int[] chosen =
          IntStream.range(0, experts)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer e) -> -(p[e] + bias[e])))
              .limit(used)
              .mapToInt(e -> e)
              .toArray();
      double sum = IntStream.of(chosen).mapToDouble(e -> p[e]).sum();
      double scale = d.f32("weight_scale") / (d.i32("norm") == 1 ? Math.max(sum, LEAST_SUM) : 1);
      double[] ids = IntStream.of(chosen).asDoubleStream().toArray();
      double[] weights = IntStream.of(chosen).mapToDouble(e -> p[e] * scale).toArray();
      out.row("ids", (long) t * d.i32("ids_stride"), ids);
      out.row("weights", (long) t * d.i32("weights_stride"), weights);
    }
  }

  private static double[] softmax(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    double[] p = new double[logits.length];
    for (int e = 0; e < p.length; e++) {
      p[e] = Math.exp(logits[e] - max);
      sum += p[e];
    }
    for (int e = 0; e < p.length; e++) {
      p[e] /= sum;
    }
    return p;
  }

  private static double[] sigmoid(double[] logits) {
    double[] p = new double[logits.length];
    for (int e = 0; e < p.length; e++) {
      p[e] = 1 / (1 + Math.exp(-logits[e]));
    }
    return p;
  }
}
