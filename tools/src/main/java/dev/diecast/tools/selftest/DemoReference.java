package dev.diecast.tools.selftest;

import dev.diecast.capture.arch.Architectures;
import dev.diecast.capture.graph.GgufWeights;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.interpret.Interpreter;
import dev.diecast.plans.gguf.GgufFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the float64 interpreter makes of a prompt: it always takes the likeliest token.
 *
 * @param prompt how many tokens were given
 * @param tokens those, and the ones that follow
 * @param rows logits after each of them
 */
record DemoReference(int prompt, int[] tokens, List<double[]> rows) {
  static DemoReference of(GgufFile model, int[] prompt, int more) {
    GgufWeights weights = new GgufWeights(model);
    Graph trace = Architectures.of(model).trace(model, weights);
    Interpreter interpreter = new Interpreter(trace, weights);
    int[] tokens = Arrays.copyOf(prompt, prompt.length + more);
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      if (i >= prompt.length) {
        tokens[i] = likeliest(rows.getLast());
      }
      rows.add(interpreter.step(tokens[i]).clone());
    }
    return new DemoReference(prompt.length, tokens, rows);
  }

  /** The tokens given. */
  int[] given() {
    return Arrays.copyOf(tokens, prompt);
  }

  private static int likeliest(double[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      best = row[i] > row[best] ? i : best;
    }
    return best;
  }
}
