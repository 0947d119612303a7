package dev.diecast.kernels.gpu;

/**
 * Attention in float64, by one query head over cached rows.
 *
 * @param q the query
 * @param k keys; a row every {@code kStride} values, the first at {@code kFrom}
 * @param v values; a row every {@code vStride} values, the first at {@code vFrom}
 * @param dv values of a row of v
 * @param scale of the scores
 */
record AttentionReference(
    float[] q,
    float[] k,
    int kFrom,
    int kStride,
    float[] v,
    int vFrom,
    int vStride,
    int dv,
    double scale) {

  /** Maximum, sum of e^(score - maximum), and unnormalised values over positions. */
  double[] partial(int begin, int end) {
    double[] partial = new double[2 + dv];
    partial[0] = Double.NEGATIVE_INFINITY;
    for (int p = begin; p < end; p++) {
      partial[0] = Math.max(partial[0], score(p));
    }
    for (int p = begin; p < end; p++) {
      double weight = Math.exp(score(p) - partial[0]);
      partial[1] += weight;
      for (int c = 0; c < dv; c++) {
        partial[2 + c] += weight * v[vFrom + p * vStride + c];
      }
    }
    return partial;
  }

  /** The result over the first positions. */
  double[] whole(int visible) {
    double[] partial = partial(0, visible);
    double[] y = new double[dv];
    for (int c = 0; c < dv; c++) {
      y[c] = partial[2 + c] / partial[1];
    }
    return y;
  }

  private double score(int p) {
    double sum = 0;
    for (int i = 0; i < q.length; i++) {
      sum += (double) q[i] * k[kFrom + p * kStride + i];
    }
    return sum * scale;
  }
}
