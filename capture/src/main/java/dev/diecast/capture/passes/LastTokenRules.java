package dev.diecast.capture.passes;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import java.util.List;
import java.util.Optional;

/** Only the last token of a step needs logits. */
final class LastTokenRules {
  private LastTokenRules() {}

  /** last(norm(x)) = norm(last(x)): norms one token instead of all. */
  static Optional<Rewrite> hoist(Node node, GraphEditor graph) {
    if (!(node.op() instanceof Op.LastToken)) {
      return Optional.empty();
    }
    return graph
        .soleProducer(node.inputs().getFirst())
        .filter(norm -> norm.op() instanceof Op.RmsNorm)
        .map(norm -> {
          Value x = norm.inputs().getFirst();
          Value last = graph.fresh(x.rows(), x.width());
          Node pick = new Node(node.op(), List.of(x), List.of(last), node.label(), node.layer());
          Node normed =
              new Node(norm.op(), List.of(last), node.outputs(), norm.label(), norm.layer());
          return new Rewrite.Replace(List.of(norm), List.of(pick, normed));
        });
  }

  /** norm(last(x)) is one kernel; the kernels have no other way to pick the last token. */
  static Optional<Rewrite> norm(Node node, GraphEditor graph) {
    if (!(node.op() instanceof Op.RmsNorm norm)) {
      return Optional.empty();
    }
    return graph
        .soleProducer(node.inputs().getFirst())
        .filter(last -> last.op() instanceof Op.LastToken)
        .map(last ->
            Rewrite.absorb(
                last,
                new Node(
                    new FusedOp.LastRmsNorm(norm.weight(), norm.eps(), Sources.of(last, node)),
                    last.inputs(),
                    node.outputs(),
                    node.label(),
                    node.layer())));
  }
}
