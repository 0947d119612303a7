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
    double squares = Arrays.stream(logits).map(x -> x * x).sum();
    double shift = tolerance * Math.sqrt(squares / logits.length);
    double[] least = scores(route, weights, logits, -shift);
    double[] most = scores(route, weights, logits, shift);
    for (int slot = 0; slot < wanted.length; slot++) {
      int id = (int) got[slot];
      int instead = (int) wanted[slot];
      if (id < 0 || id >= logits.length || most[id] < least[instead] || most[instead] < least[id]) {
        return false;
      }
    }
    return Arrays.stream(got).distinct().count() == got.length;
  }

  /**
   * What decides between experts, as far as it gets when no logit is off by more than the shift.
   * Without a bias that is the order of the logits themselves. The odds of a softmax compare a
   * logit with all others, which may move the other way.
   */
  private static double[] scores(
      Op.Route route, WeightReader weights, double[] logits, double shift) {
    if (route.bias().isEmpty()) {
      return Arrays.stream(logits).map(x -> x + shift).toArray();
    }
    double[] scores =
        switch (route.gating()) {
          case SOFTMAX ->
              Arrays.stream(softmax(logits))
                  .map(p -> sigmoid(Math.log(p / (1 - p)) + 2 * shift))
                  .toArray();
          case SIGMOID -> Arrays.stream(logits).map(x -> sigmoid(x + shift)).toArray();
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

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double[] softmax(double[] logits) {
    double max = Arrays.stream(logits).max().orElse(0);
    double[] powers = Arrays.stream(logits).map(x -> Math.exp(x - max)).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(x -> x / sum).toArray();
  }
}
