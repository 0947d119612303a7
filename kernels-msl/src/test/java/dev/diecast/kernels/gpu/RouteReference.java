package dev.diecast.kernels.gpu;

/** The choice of experts in float64: ids, largest first, and their weights. */
record RouteReference(int[] ids, double[] weights) {
  static RouteReference of(
      float[] logits, float[] bias, int used, boolean softmax, boolean norm, double scale) {
    double[] p = probabilities(logits, softmax);
    int[] ids = new int[used];
    double sum = 0;
    boolean[] taken = new boolean[logits.length];
    for (int j = 0; j < used; j++) {
      int best = -1;
      for (int e = 0; e < logits.length; e++) {
        if (!taken[e] && (best < 0 || p[e] + bias[e] > p[best] + bias[best])) {
          best = e;
        }
      }
      taken[best] = true;
      ids[j] = best;
      sum += p[best];
    }
    double[] weights = new double[used];
    for (int j = 0; j < used; j++) {
      weights[j] = p[ids[j]] / (norm ? Math.max(sum, 6.103515625e-5) : 1) * scale;
    }
    return new RouteReference(ids, weights);
  }

  private static double[] probabilities(float[] logits, boolean softmax) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double[] p = new double[logits.length];
    double sum = 0;
    for (int e = 0; e < p.length; e++) {
      p[e] = softmax ? Math.exp(logits[e] - max) : 1 / (1 + Math.exp(-logits[e]));
      sum += p[e];
    }
    for (int e = 0; softmax && e < p.length; e++) {
      p[e] /= sum;
    }
    return p;
  }
}
