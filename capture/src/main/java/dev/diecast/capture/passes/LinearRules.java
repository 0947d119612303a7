package dev.diecast.capture.passes;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sums that the GEMV before them adds for nothing. */
final class LinearRules {
  private LinearRules() {}

  /** w x + bias. */
  static Optional<Rewrite> bias(Node node, GraphEditor graph) {
    if (!(node.op() instanceof Op.AddBias add)) {
      return Optional.empty();
    }
    Node linear = graph.soleProducer(node.inputs().getFirst()).orElse(null);
    if (linear == null || !(linear.op() instanceof Op.Linear product)) {
      return Optional.empty();
    }
    FusedOp fused =
        new FusedOp.LinearSum(
            product.weight(), List.of(add.bias()), false, Sources.of(linear, node));
    return Optional.of(Rewrite.absorb(linear, as(fused, linear.inputs(), linear, node)));
  }

  /** w x (+ bias) + residual, either way round; the later operand is taken for the product. */
  static Optional<Rewrite> residual(Node node, GraphEditor graph) {
    if (!(node.op() instanceof Op.Add)) {
      return Optional.empty();
    }
    Value left = node.inputs().getFirst();
    Value right = node.inputs().getLast();
    return withResidual(node, right, left, graph).or(() -> withResidual(node, left, right, graph));
  }

  private static Optional<Rewrite> withResidual(
      Node add, Value product, Value residual, GraphEditor graph) {
    @Nullable Node linear = graph.soleProducer(product).orElse(null);
    if (linear == null) {
      return Optional.empty();
    }
    return parts(linear.op())
        .map(parts -> {
          FusedOp fused =
              new FusedOp.LinearSum(parts.weight(), parts.bias(), true, Sources.of(linear, add));
          List<Value> inputs = new ArrayList<>(linear.inputs());
          inputs.add(residual);
          return Rewrite.absorb(linear, as(fused, inputs, linear, add));
        });
  }

  private record Parts(TensorInfo weight, List<TensorInfo> bias) {}

  private static Optional<Parts> parts(Op op) {
    return switch (op) {
      case Op.Linear linear -> Optional.of(new Parts(linear.weight(), List.of()));
      case FusedOp.LinearSum sum when !sum.residual() ->
          Optional.of(new Parts(sum.weight(), sum.bias()));
      default -> Optional.empty();
    };
  }

  private static Node as(Op op, List<Value> inputs, Node linear, Node sum) {
    return new Node(op, inputs, sum.outputs(), linear.label(), linear.layer());
  }
}
