package dev.diecast.capture.passes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.TestModel;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;
import dev.diecast.plans.gguf.TensorType;
import java.util.List;
import java.util.function.BiFunction;

/** An embedding and a head of width 8, and what a test puts between them. */
final class SmallModel {
  private final TestModel model =
      new TestModel("llama")
          .tensor("embd.weight", TensorType.F32, 8, 16)
          .tensor("head.weight", TensorType.F32, 8, 16);

  /** With a float32 matrix, or several stacked ones. */
  SmallModel matrix(String name, long... shape) {
    model.tensor(name + ".weight", TensorType.F32, shape);
    return this;
  }

  /** With a float32 vector of that full name. */
  SmallModel vector(String name, int width) {
    model.vector(name, width);
    return this;
  }

  /** The graph of a body from the embedded token, 1 x 8, to what the head reads. */
  Graph trace(BiFunction<Tracer, Value, Value> body) {
    Tracer t = new Tracer(model);
    Value y = body.apply(t, t.embed("embd", 8, 16));
    return t.sample(t.linear(y, "head", 16));
  }

  /** The graph after one pass that must apply that often and keep the meaning. */
  static Graph pass(String name, Graph before, long changes) {
    Pass.Outcome outcome = named(name).apply(before);
    assertThat(outcome.changes()).isEqualTo(changes);
    GraphChecks.requireValid(outcome.graph());
    GraphChecks.requireSameLogits(before, outcome.graph());
    return outcome.graph();
  }

  /** Asserts that a pass finds nothing. */
  static void leaves(String name, Graph before) {
    assertThat(pass(name, before, 0)).isEqualTo(before);
  }

  static Pass named(String name) {
    return Passes.STANDARD.stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  static List<String> ops(Graph graph) {
    return graph.nodes().stream().map(node -> node.op().getClass().getSimpleName()).toList();
  }

  /** The only node with such an operation. */
  static Node only(Graph graph, Class<? extends Op> op) {
    List<Node> found = graph.nodes().stream().filter(node -> op.isInstance(node.op())).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  /** The output of the node of that label. */
  static Value value(Graph graph, String label) {
    return graph.nodes().stream()
        .filter(node -> node.label().equals(label))
        .findFirst()
        .orElseThrow()
        .output();
  }
}
