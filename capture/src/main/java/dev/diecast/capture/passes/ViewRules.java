package dev.diecast.capture.passes;

import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import java.util.List;
import java.util.Optional;

/** Chains of views become one view, or none. */
final class ViewRules {
  private ViewRules() {}

  /** reshape(reshape(x)) = reshape(x); a reshape to the same shape is x. */
  static Optional<Rewrite> reshape(Node node, GraphEditor graph) {
    if (!(node.op() instanceof Op.Reshape)) {
      return Optional.empty();
    }
    Value x = node.inputs().getFirst();
    if (sameShape(x, node.output())) {
      return Optional.of(new Rewrite.Forward(x));
    }
    return graph
        .producer(x)
        .filter(inner -> inner.op() instanceof Op.Reshape)
        .map(inner -> Rewrite.replace(over(inner.inputs().getFirst(), node, node.op())));
  }

  /** slice(slice(x)) = slice(x); a slice of all columns is x. */
  static Optional<Rewrite> slice(Node node, GraphEditor graph) {
    if (!(node.op() instanceof Op.Slice outer)) {
      return Optional.empty();
    }
    Value x = node.inputs().getFirst();
    if (sameShape(x, node.output())) {
      return Optional.of(new Rewrite.Forward(x));
    }
    Node inner = graph.producer(x).orElse(null);
    if (inner == null || !(inner.op() instanceof Op.Slice within)) {
      return Optional.empty();
    }
    Op.Slice both = new Op.Slice(within.from() + outer.from(), within.from() + outer.to());
    return Optional.of(Rewrite.replace(over(inner.inputs().getFirst(), node, both)));
  }

  private static boolean sameShape(Value a, Value b) {
    return a.rows() == b.rows() && a.width() == b.width();
  }

  private static Node over(Value x, Node node, Op op) {
    return new Node(op, List.of(x), node.outputs(), node.label(), node.layer());
  }
}
