package dev.diecast.tools.check;

import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.Arrays;

/** Whether another choice of experts than the interpreter's is a matter of rounding. */
final class ExpertChoice {
  private ExpertChoice() {}

  /**
   * Whether each expert chosen scores so nearly what the wanted one does that logits within the
   * tolerance may choose either.
   *
   * @param route how experts are chosen
   * @param logits in float64
   * @param tolerance relative to the root mean square of the logits, for each of them
   */
  static boolean nearlyTied(
      Op.Route route,
      WeightReader weights,
      double[] logits,
      double[] got,
      double[] wanted,
      double tolerance) {
    double[] scores = scores(route, weights, logits);
    double squares = Arrays.stream(logits).map(x -> x * x).sum();
    double shift = tolerance * Math.sqrt(squares / logits.length);
    // Neither softmax nor sigmoid moves by more than a quarter of what a logit moves, and at a tie
    // two move against each other.
    double slack = shift / 2;
    for (int slot = 0; slot < wanted.length; slot++) {
      int id = (int) got[slot];
      if (id < 0
          || id >= scores.length
          || Math.abs(scores[id] - scores[(int) wanted[slot]]) > slack) {
        return false;
      }
    }
    return Arrays.stream(got).distinct().count() == got.length;
  }

  private static double[] scores(Op.Route route, WeightReader weights, double[] logits) {
    double[] scores =
        switch (route.gating()) {
          case SOFTMAX -> softmax(logits);
          case SIGMOID -> Arrays.stream(logits).map(x -> 1 / (1 + Math.exp(-x))).toArray();
        };
    for (TensorInfo tensor : route.bias()) {
      double[] bias = new double[scores.length];
      weights.readRow(tensor, 0, bias);
      for (int i = 0; i < scores.length; i++) {
        scores[i] += bias[i];
      }
    }
    return scores;
  }

  private static double[] softmax(double[] logits) {
    double max = Arrays.stream(logits).max().orElse(0);
    double[] powers = Arrays.stream(logits).map(x -> Math.exp(x - max)).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(x -> x / sum).toArray();
  }
}
