package dev.diecast.capture.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.capture.graph.CacheRef;
import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.capture.interpret.Interpreter;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** What must hold of a graph after any passes. */
final class GraphChecks {
  private static final WeightReader RANDOM = GraphChecks::row;
  private static final int[] TOKENS = {3, 10, 5, 9};

  private GraphChecks() {}

  /**
   * Every operand is made before it is read, every value once, every cache row written before it is
   * attended to; and so within the body of a group, which reads nothing but its node's operands.
   */
  static void requireValid(Graph graph) {
    requireOrder(graph.nodes(), Set.of());
    Set<CacheRef> written = new HashSet<>();
    flat(graph.nodes())
        .forEach(node -> {
          if (node.op() instanceof Op.KvWrite write) {
            assertThat(written.add(write.cache())).as(node.label()).isTrue();
          } else if (node.op() instanceof Op.Attention attention) {
            assertThat(written.contains(attention.k())).as(node.label()).isTrue();
            assertThat(written.contains(attention.v())).as(node.label()).isTrue();
          }
        });
    assertThat(written).hasSameSizeAs(graph.caches());
    assertThat(graph.nodes().stream().flatMap(node -> node.outputs().stream()))
        .contains(graph.logits());
  }

  /** The float64 interpreter computes the same logits for both, token after token. */
  static void requireSameLogits(Graph expected, Graph actual) {
    Interpreter one = new Interpreter(expected, RANDOM);
    Interpreter other = new Interpreter(actual, RANDOM);
    for (int token : TOKENS) {
      double[] logits = one.step(token);
      assertThat(spread(logits)).isGreaterThan(1e-4);
      assertThat(other.step(token)).containsExactly(logits, within(1e-12));
    }
  }

  private static void requireOrder(List<Node> nodes, Collection<Value> given) {
    Set<Value> made = new HashSet<>(given);
    for (Node node : nodes) {
      assertThat(made.containsAll(node.inputs())).as(node.label()).isTrue();
      if (node.op() instanceof FusedOp.Group group) {
        requireOrder(group.body(), node.inputs());
        assertThat(group.body().stream().flatMap(part -> part.outputs().stream()))
            .as(node.label())
            .containsAll(node.outputs());
      }
      for (Value output : node.outputs()) {
        assertThat(made.add(output)).as(node.label()).isTrue();
      }
    }
  }

  /** All nodes, those of bodies in the place of their groups. */
  private static Stream<Node> flat(List<Node> nodes) {
    return nodes.stream()
        .flatMap(node ->
            node.op() instanceof FusedOp.Group group ? flat(group.body()) : Stream.of(node));
  }

  private static void row(TensorInfo tensor, long row, double[] into) {
    Random random = new Random(tensor.name().hashCode() * 31L + row);
    for (int i = 0; i < into.length; i++) {
      into[i] = random.nextDouble() - 0.5;
    }
  }

  private static double spread(double[] values) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return most - least;
  }
}
