package dev.diecast.kernels.gpu;

/** RoPE in float64. */
final class RopeReference {
  private RopeReference() {}

  /** base^(-2 i / nRot). */
  static double[] frequencies(int nRot, double base) {
    double[] frequencies = new double[nRot / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = Math.pow(base, -2.0 * i / nRot);
    }
    return frequencies;
  }

  /** The first nRot values turned by angles (cos, sin, cos, sin), the others as they are. */
  static double[] rope(double[] x, float[] angles, int anglesFrom, int nRot, boolean neox) {
    double[] y = x.clone();
    int pairs = nRot / 2;
    for (int i = 0; i < pairs; i++) {
      int a = neox ? i : 2 * i;
      int b = neox ? i + pairs : 2 * i + 1;
      double cos = angles[anglesFrom + 2 * i];
      double sin = angles[anglesFrom + 2 * i + 1];
      y[a] = x[a] * cos - x[b] * sin;
      y[b] = x[a] * sin + x[b] * cos;
    }
    return y;
  }
}
