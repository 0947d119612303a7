package dev.diecast.capture.interpret;

import dev.diecast.capture.graph.Op;

/** Operations on activations alone, row by row. */
final class Rows {
  private Rows() {}

  static double[] rmsNorm(double[] x, double[] weight, double eps) {
    int width = weight.length;
    double[] y = new double[x.length];
    for (int from = 0; from < x.length; from += width) {
      double squares = 0;
      for (int i = 0; i < width; i++) {
        squares += x[from + i] * x[from + i];
      }
      double root = Math.sqrt(squares / width + eps);
      for (int i = 0; i < width; i++) {
        y[from + i] = x[from + i] / root * weight[i];
      }
    }
    return y;
  }

  static double[] addBias(double[] x, double[] bias) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] + bias[i % bias.length];
    }
    return y;
  }

  static double[] add(double[] a, double[] b) {
    double[] y = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      y[i] = a[i] + b[i];
    }
    return y;
  }

  static double[] mul(double[] a, double[] b) {
    double[] y = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      y[i] = a[i] * b[i];
    }
    return y;
  }

  static double[] silu(double[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] / (1 + Math.exp(-x[i]));
    }
    return y;
  }

  static double[] slice(double[] x, int rows, int from, int to) {
    int width = x.length / rows;
    double[] y = new double[rows * (to - from)];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(x, r * width + from, y, r * (to - from), to - from);
    }
    return y;
  }

  static double[] concat(double[] a, double[] b, int rows) {
    int left = a.length / rows;
    int right = b.length / rows;
    double[] y = new double[a.length + b.length];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(a, r * left, y, r * (left + right), left);
      System.arraycopy(b, r * right, y, r * (left + right) + left, right);
    }
    return y;
  }

  /** cos and sin per frequency, interleaved. */
  static double[] ropeAngles(Op.RopeAngles op, int position) {
    double[] y = new double[2 * op.inverseFrequencies().size()];
    for (int i = 0; i < y.length / 2; i++) {
      double angle = position * op.inverseFrequencies().get(i);
      y[2 * i] = Math.cos(angle) * op.magnitude();
      y[2 * i + 1] = Math.sin(angle) * op.magnitude();
    }
    return y;
  }

  static double[] rope(Op.Rope op, double[] x, int rows, double[] angles) {
    int width = x.length / rows;
    double[] y = x.clone();
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < op.nRot() / 2; i++) {
        int first = r * width + (op.neox() ? i : 2 * i);
        int second = op.neox() ? first + op.nRot() / 2 : first + 1;
        double cos = angles[2 * i];
        double sin = angles[2 * i + 1];
        y[first] = x[first] * cos - x[second] * sin;
        y[second] = x[first] * sin + x[second] * cos;
      }
    }
    return y;
  }

  static double[] expertCombine(double[] x, double[] weights) {
    int width = x.length / weights.length;
    double[] y = new double[width];
    for (int slot = 0; slot < weights.length; slot++) {
      for (int i = 0; i < width; i++) {
        y[i] += weights[slot] * x[slot * width + i];
      }
    }
    return y;
  }
}
