package dev.diecast.capture.interpret;

import dev.diecast.capture.graph.CacheRef;
import dev.diecast.capture.graph.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What attention remembers, in float64, and attention itself. */
final class KvCaches {
  private final Map<CacheRef, List<double[]>> rows = new HashMap<>();

  void clear() {
    rows.clear();
  }

  void append(CacheRef cache, double[] row) {
    rows.computeIfAbsent(cache, c -> new ArrayList<>()).add(row.clone());
  }

  /** Each head's softmax over all remembered positions, and the mean of v it weights. */
  double[] attend(Op.Attention op, double[] q, int heads) {
    List<double[]> k = rows.getOrDefault(op.k(), List.of());
    List<double[]> v = rows.getOrDefault(op.v(), List.of());
    double[] y = new double[heads * op.dv()];
    for (int h = 0; h < heads; h++) {
      int shared = h / (heads / op.kvHeads());
      double[] scores = scores(op, k, shared, q, h);
      mean(op, v, shared, Routing.softmax(scores), y, h);
    }
    return y;
  }

  private static double[] scores(
      Op.Attention op, List<double[]> k, int shared, double[] q, int head) {
    double[] scores = new double[k.size()];
    for (int p = 0; p < scores.length; p++) {
      double[] row = k.get(p);
      double sum = 0;
      for (int i = 0; i < op.dk(); i++) {
        sum += q[head * op.dk() + i] * row[shared * op.dk() + i];
      }
      scores[p] = sum * op.scale();
    }
    return scores;
  }

  private static void mean(
      Op.Attention op, List<double[]> v, int shared, double[] shares, double[] y, int head) {
    for (int p = 0; p < shares.length; p++) {
      double[] row = v.get(p);
      for (int i = 0; i < op.dv(); i++) {
        y[head * op.dv() + i] += shares[p] * row[shared * op.dv() + i];
      }
    }
  }
}
