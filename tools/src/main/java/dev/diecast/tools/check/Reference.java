package dev.diecast.tools.check;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Value;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.capture.interpret.Interpreter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trace, interpreted in float64, with every value of the last token. */
final class Reference {
  private final Interpreter interpreter;
  private final Map<Integer, double[]> values = new HashMap<>();

  Reference(Graph trace, WeightReader weights) {
    interpreter = new Interpreter(trace, weights, (_, node, outputs) -> keep(node, outputs));
  }

  /** Consumes a token and returns its logits. */
  double[] step(int token) {
    values.clear();
    return interpreter.step(token);
  }

  /** The value of the last token, or null when the trace has none of that id. */
  double @Nullable [] value(Value value) {
    return values.get(value.id());
  }

  private void keep(Node node, List<double[]> outputs) {
    for (int i = 0; i < outputs.size(); i++) {
      values.put(node.outputs().get(i).id(), outputs.get(i));
    }
  }
}
