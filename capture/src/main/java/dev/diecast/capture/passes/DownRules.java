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

/** The experts' way back to the width of the model. */
final class DownRules {
  private DownRules() {}

  /**
   * The chosen experts' down projections, weighted and summed, with the shared experts' down
   * projection and the residual as far as the sum has them. A shared output that is more than one
   * plain product keeps the sum as it is.
   */
  static Optional<Rewrite> expertDown(Node node, GraphEditor graph) {
    return switch (node.op()) {
      case Op.ExpertCombine _ -> chosen(node, graph).map(down -> fused(node, down, null, false));
      case FusedOp.ExpertSum sum when !sum.shared() ->
          chosen(node, graph).map(down -> fused(node, down, null, sum.residual()));
      case FusedOp.ExpertSum sum ->
          chosen(node, graph)
              .flatMap(
                  down -> shared(node, graph).map(both -> fused(node, down, both, sum.residual())));
      default -> Optional.empty();
    };
  }

  private static Optional<Node> chosen(Node sum, GraphEditor graph) {
    return graph
        .soleProducer(sum.inputs().getFirst())
        .filter(down -> down.op() instanceof Op.ExpertLinear)
        .filter(down -> down.inputs().getFirst().rows() == down.output().rows());
  }

  private static Optional<Node> shared(Node sum, GraphEditor graph) {
    return graph
        .soleProducer(sum.inputs().getLast())
        .filter(down -> down.op() instanceof Op.Linear);
  }

  private static Rewrite fused(Node sum, Node down, @Nullable Node shared, boolean residual) {
    List<Node> absorbed = new ArrayList<>(List.of(down));
    List<Value> inputs = new ArrayList<>(down.inputs());
    List<TensorInfo> weights = new ArrayList<>();
    String label = down.label();
    inputs.add(sum.inputs().get(1));
    if (shared != null) {
      absorbed.add(shared);
      inputs.add(shared.inputs().getFirst());
      weights.add(((Op.Linear) shared.op()).weight());
      label = Labels.join(label, shared.label(), down.layer());
    }
    if (residual) {
      inputs.add(sum.inputs().get(2));
    }
    List<Node> body = new ArrayList<>(absorbed);
    body.add(sum);
    FusedOp op = new FusedOp.ExpertDown((Op.ExpertLinear) down.op(), weights, residual, body);
    return new Rewrite.Replace(
        absorbed, List.of(new Node(op, inputs, sum.outputs(), label, sum.layer())));
  }
}
