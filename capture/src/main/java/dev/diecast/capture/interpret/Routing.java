package dev.diecast.capture.interpret;

import dev.diecast.capture.graph.Op;

/** The choice of experts. */
final class Routing {
  /** The least sum that weights are divided by: the smallest normal float16. */
  private static final double LEAST_SUM = 0x1p-14;

  private Routing() {}

  /** Probabilities of all experts. */
  static double[] probabilities(Op.Gating gating, double[] logits) {
    return switch (gating) {
      case SOFTMAX -> softmax(logits);
      case SIGMOID -> sigmoid(logits);
    };
  }

  /** The ids of the largest, largest first, ties to the lower id. */
  static double[] largest(double[] scores, int used) {
    double[] ids = new double[used];
    boolean[] taken = new boolean[scores.length];
    for (int slot = 0; slot < used; slot++) {
      int best = -1;
      for (int i = 0; i < scores.length; i++) {
        if (!taken[i] && (best < 0 || scores[i] > scores[best])) {
          best = i;
        }
      }
      taken[best] = true;
      ids[slot] = best;
    }
    return ids;
  }

  /** What the chosen experts' results are multiplied by. */
  static double[] weights(Op.Route op, double[] probabilities, double[] ids) {
    double[] weights = new double[ids.length];
    double sum = 0;
    for (int slot = 0; slot < ids.length; slot++) {
      weights[slot] = probabilities[(int) ids[slot]];
      sum += weights[slot];
    }
    double divisor = op.normalise() ? Math.max(sum, LEAST_SUM) : 1;
    for (int slot = 0; slot < ids.length; slot++) {
      weights[slot] = weights[slot] / divisor * op.scale();
    }
    return weights;
  }

  /** exp(x) over the sum of all exp(x), without overflow. */
  static double[] softmax(double[] x) {
    double max = Double.NEGATIVE_INFINITY;
    for (double v : x) {
      max = Math.max(max, v);
    }
    double[] y = new double[x.length];
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.exp(x[i] - max);
      sum += y[i];
    }
    for (int i = 0; i < x.length; i++) {
      y[i] /= sum;
    }
    return y;
  }

  private static double[] sigmoid(double[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = 1 / (1 + Math.exp(-x[i]));
    }
    return y;
  }
}
