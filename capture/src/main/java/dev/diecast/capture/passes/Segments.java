package dev.diecast.capture.passes;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.FusedOp.Segment;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Linears of one row, plain or fused, as what {@link FusedOp.Linears} is made of.
 *
 * @param x their operand
 * @param list one matrix or pair each
 * @param residuals of those that have one, in order
 * @param outputs one each
 * @param body the nodes that compute them
 * @param label of all
 * @param layer of the first
 */
record Segments(
    Value x,
    List<Segment> list,
    List<Value> residuals,
    List<Value> outputs,
    List<Node> body,
    String label,
    int layer) {

  /** A node's linears; empty when it computes anything else, or norms its operand first. */
  static Optional<Segments> of(Node node) {
    if (node.inputs().isEmpty() || node.inputs().getFirst().rows() != 1) {
      return Optional.empty();
    }
    return switch (node.op()) {
      case Op.Linear linear -> one(node, new Segment(linear.weight(), List.of(), List.of(), false));
      case FusedOp.LinearSum sum ->
          one(node, new Segment(sum.weight(), List.of(), sum.bias(), sum.residual()));
      case FusedOp.Linears linears when linears.norm().isEmpty() && !linears.lastOnly() ->
          Optional.of(of(node, linears.segments(), linears.body()));
      default -> Optional.empty();
    };
  }

  /** These and then others of the same operand. */
  Segments and(Segments more) {
    return new Segments(
        x,
        concat(list, more.list),
        concat(residuals, more.residuals),
        concat(outputs, more.outputs),
        concat(body, more.body),
        Labels.join(label, more.label, layer),
        layer);
  }

  /** One node that computes them all. */
  Node fused() {
    return fused(x, List.of(), false, body);
  }

  /** One node that applies the norm, which makes their operand, as well. */
  Node normed(Node norm, FusedOp.Norm by, boolean lastOnly) {
    Value operand = norm.inputs().getFirst();
    return fused(operand, List.of(by), lastOnly, concat(List.of(norm), body));
  }

  private Node fused(Value operand, List<FusedOp.Norm> norm, boolean lastOnly, List<Node> nodes) {
    FusedOp op = new FusedOp.Linears(list, norm, lastOnly, nodes);
    return new Node(op, concat(List.of(operand), residuals), outputs, label, layer);
  }

  private static Optional<Segments> one(Node node, Segment segment) {
    return Optional.of(of(node, List.of(segment), List.of(node)));
  }

  private static Segments of(Node node, List<Segment> list, List<Node> body) {
    List<Value> inputs = node.inputs();
    return new Segments(
        inputs.getFirst(),
        list,
        inputs.subList(1, inputs.size()),
        node.outputs(),
        body,
        node.label(),
        node.layer());
  }

  private static <T> List<T> concat(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
