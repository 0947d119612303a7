package dev.diecast.tools.selftest;

import dev.diecast.capture.arch.Architectures;
import dev.diecast.capture.graph.GgufWeights;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.interpret.Interpreter;
import dev.diecast.plans.gguf.GgufFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the float64 interpreter makes of a prompt: it always takes the likeliest token.
 *
 * @param prompt the tokens given
 * @param chosen the tokens that follow
 * @param rows logits after each token of the prompt and after each chosen one but the last
 */
record DemoReference(int[] prompt, int[] chosen, List<double[]> rows) {
  static DemoReference of(GgufFile model, int[] prompt, int tokens) {
    GgufWeights weights = new GgufWeights(model);
    Graph trace = Architectures.of(model).trace(model, weights);
    Interpreter interpreter = new Interpreter(trace, weights);
    List<double[]> rows = new ArrayList<>();
    for (int token : prompt) {
      rows.add(interpreter.step(token).clone());
    }
    int[] chosen = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      chosen[i] = likeliest(rows.getLast());
      if (i + 1 < tokens) {
        rows.add(interpreter.step(chosen[i]).clone());
      }
    }
    return new DemoReference(prompt, chosen, rows);
  }

  /** All tokens that have a row. */
  int[] fed() {
    return IntStream.concat(Arrays.stream(prompt), Arrays.stream(chosen).limit(chosen.length - 1L))
        .toArray();
  }

  /** The row behind the prompt. */
  double[] afterPrompt() {
    return rows.get(prompt.length - 1);
  }

  /** How much likelier the chosen token of that index is than the next likeliest, in logits. */
  double lead(int index) {
    double[] row = rows.get(prompt.length - 1 + index);
    double second = Double.NEGATIVE_INFINITY;
    for (int token = 0; token < row.length; token++) {
      second = token == chosen[index] ? second : Math.max(second, row[token]);
    }
    return row[chosen[index]] - second;
  }

  private static int likeliest(double[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      best = row[i] > row[best] ? i : best;
    }
    return best;
  }
}
