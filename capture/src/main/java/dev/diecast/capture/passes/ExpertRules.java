package dev.diecast.capture.passes;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sums around the weighted sum of the experts. */
final class ExpertRules {
  private ExpertRules() {}

  /**
   * combine(x, weights) + shared experts + residual, in any order and with either missing. A linear
   * that nothing else reads is the shared experts' output, anything else the residual.
   */
  static Optional<Rewrite> sum(Node node, GraphEditor graph) {
    if (!(node.op() instanceof Op.Add)) {
      return Optional.empty();
    }
    Value left = node.inputs().getFirst();
    Value right = node.inputs().getLast();
    return combined(node, left, right, graph).or(() -> combined(node, right, left, graph));
  }

  private static Optional<Rewrite> combined(
      Node add, Value experts, Value other, GraphEditor graph) {
    @Nullable Node combine = graph.soleProducer(experts).orElse(null);
    if (combine == null) {
      return Optional.empty();
    }
    FusedOp.@Nullable ExpertSum before = asSum(combine);
    if (before == null || (before.residual() && before.shared())) {
      return Optional.empty();
    }
    boolean linear = graph.soleProducer(other).filter(ExpertRules::isLinear).isPresent();
    boolean shared = before.residual() || (linear && !before.shared());
    List<Value> inputs = new ArrayList<>(combine.inputs());
    inputs.add(shared ? inputs.size() : 2, other);
    FusedOp after =
        new FusedOp.ExpertSum(
            before.residual() || !shared, before.shared() || shared, Sources.of(combine, add));
    Node fused = new Node(after, inputs, add.outputs(), combine.label(), combine.layer());
    return Optional.of(Rewrite.absorb(combine, fused));
  }

  private static boolean isLinear(Node node) {
    return node.op() instanceof Op.Linear
        || (node.op() instanceof FusedOp.LinearSum sum && !sum.residual());
  }

  private static FusedOp.@Nullable ExpertSum asSum(Node node) {
    return switch (node.op()) {
      case Op.ExpertCombine _ -> new FusedOp.ExpertSum(false, false, Sources.of(node));
      case FusedOp.ExpertSum sum -> sum;
      default -> null;
    };
  }
}
