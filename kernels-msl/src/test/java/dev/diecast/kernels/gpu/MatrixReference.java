package dev.diecast.kernels.gpu;

/** Products of matrices and vectors in float64. */
final class MatrixReference {
  private MatrixReference() {}

  /** {@code rows} rows of w, from {@code from} on, times x. */
  static double[] times(float[] w, int from, int rows, double[] x) {
    double[] y = new double[rows];
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < x.length; i++) {
        y[r] += w[from + r * x.length + i] * x[i];
      }
    }
    return y;
  }

  /** The {@code x.length} rows of w, of {@code cols} values, summed with weights x. */
  static double[] transposedTimes(float[] w, int from, int cols, double[] x) {
    double[] y = new double[cols];
    for (int r = 0; r < x.length; r++) {
      for (int c = 0; c < cols; c++) {
        y[c] += w[from + r * cols + c] * x[r];
      }
    }
    return y;
  }
}
