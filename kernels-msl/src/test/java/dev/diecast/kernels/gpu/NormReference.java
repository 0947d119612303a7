package dev.diecast.kernels.gpu;

/** RMSNorm in float64. */
final class NormReference {
  private NormReference() {}

  /** n values of x from {@code from} on, over the root of their mean square, times w. */
  static double[] rmsNorm(float[] x, int from, float[] w, int n, float eps) {
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += (double) x[from + i] * x[from + i];
    }
    double scale = 1 / Math.sqrt(squares / n + eps);
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = x[from + i] * scale * w[i];
    }
    return y;
  }
}
