package dev.diecast.capture.passes;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import java.util.List;
import java.util.Optional;

/** The gated activation of a feed-forward block. */
final class GateRules {
  private GateRules() {}

  /** silu(a) * b, either way round, is one kernel; neither half has one of its own. */
  static Optional<Rewrite> siluMul(Node node, GraphEditor graph) {
    if (!(node.op() instanceof Op.Mul)) {
      return Optional.empty();
    }
    Value left = node.inputs().getFirst();
    Value right = node.inputs().getLast();
    return gated(node, left, right, graph).or(() -> gated(node, right, left, graph));
  }

  private static Optional<Rewrite> gated(Node mul, Value gate, Value up, GraphEditor graph) {
    return graph
        .soleProducer(gate)
        .filter(silu -> silu.op() instanceof Op.Silu)
        .map(silu ->
            Rewrite.absorb(
                silu,
                new Node(
                    new FusedOp.SiluMul(Sources.of(silu, mul)),
                    List.of(silu.inputs().getFirst(), up),
                    mul.outputs(),
                    mul.label(),
                    mul.layer())));
  }
}
