package dev.diecast.capture.passes;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes equal operations on equal operands once. */
record CommonSubexpressions() implements Pass {
  private record Expression(Op op, List<Value> inputs) {}

  @Override
  public String name() {
    return "canonicalize-common";
  }

  @Override
  public String summary() {
    return "the same operation on the same operands is computed once";
  }

  @Override
  public boolean required() {
    return false;
  }

  @Override
  public Outcome apply(Graph graph) {
    Map<Expression, Value> first = new HashMap<>();
    GraphEditor editor = new GraphEditor(graph);
    long changes = editor.sweep((node, editing) -> duplicate(node, first));
    return new Outcome(editor.graph(), changes);
  }

  private static Optional<Rewrite> duplicate(Node node, Map<Expression, Value> first) {
    if (!pure(node)) {
      return Optional.empty();
    }
    Value earlier = first.putIfAbsent(new Expression(node.op(), node.inputs()), node.output());
    return Optional.ofNullable(earlier).map(Rewrite.Forward::new);
  }

  /** Attention reads a cache, so its operands don't tell all. */
  private static boolean pure(Node node) {
    return node.outputs().size() == 1 && !(node.op() instanceof Op.Attention);
  }
}
