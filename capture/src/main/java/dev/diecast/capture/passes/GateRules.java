package dev.diecast.capture.passes;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /** silu(w x) * (up x): both rows are read together, and only their product is written. */
  static Optional<Rewrite> gateUp(Node node, GraphEditor graph) {
    @Nullable Operands operands = operands(node, graph).orElse(null);
    if (operands == null
        || operands.gate().inputs().getFirst().rows() != 1
        || !(operands.gate().op() instanceof Op.Linear gate)
        || !(operands.up().op() instanceof Op.Linear up)) {
      return Optional.empty();
    }
    FusedOp.Segment segment =
        new FusedOp.Segment(gate.weight(), List.of(up.weight()), List.of(), false);
    return Optional.of(
        operands.fused(new FusedOp.Linears(List.of(segment), List.of(), false, operands.body())));
  }

  /** The same for each chosen expert. */
  static Optional<Rewrite> expertGateUp(Node node, GraphEditor graph) {
    @Nullable Operands operands = operands(node, graph).orElse(null);
    if (operands == null
        || operands.gate().inputs().getFirst().rows() != 1
        || !(operands.gate().op() instanceof Op.ExpertLinear gate)
        || !(operands.up().op() instanceof Op.ExpertLinear up)
        || gate.weight().dim(2) != up.weight().dim(2)) {
      return Optional.empty();
    }
    return Optional.of(
        operands.fused(new FusedOp.ExpertGateUp(gate, up, List.of(), operands.body())));
  }

  /** What a gated activation reads, when it alone does and both are made of the same values. */
  private record Operands(Node gate, Node up, Node product) {
    List<Node> body() {
      return List.of(gate, up, product);
    }

    Rewrite fused(FusedOp op) {
      String label = Labels.join(gate.label(), up.label(), gate.layer());
      return new Rewrite.Replace(
          List.of(gate, up),
          List.of(new Node(op, gate.inputs(), product.outputs(), label, gate.layer())));
    }
  }

  private static Optional<Operands> operands(Node node, GraphEditor graph) {
    if (!(node.op() instanceof FusedOp.SiluMul)) {
      return Optional.empty();
    }
    @Nullable Node gate = graph.soleProducer(node.inputs().getFirst()).orElse(null);
    @Nullable Node up = graph.soleProducer(node.inputs().getLast()).orElse(null);
    return gate == null || up == null || !gate.inputs().equals(up.inputs())
        ? Optional.empty()
        : Optional.of(new Operands(gate, up, node));
  }
}
