package dev.diecast.capture.lower;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import dev.diecast.plans.PlanException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The layout of every value of a graph. A view lies where its operand lies; the operands of a
 * concatenation are produced in place, inside its result; the logits lie where the host reads them.
 */
final class Placements {
  /** Where a value lies inside another: its rows are columns of the other's rows. */
  private record Home(Value whole, int column) {}

  private final Map<Value, Layout> layouts = new HashMap<>();
  private final Map<Value, Home> homes = new HashMap<>();
  private final Map<Value, Integer> tokens = new HashMap<>();
  private final Map<Value, Node> producers = new HashMap<>();

  private Placements() {}

  /** Places the values of a step of that many tokens. */
  static Placements of(Graph graph, int stepTokens, Region logits) {
    Placements placements = new Placements();
    for (Node node : graph.nodes()) {
      int count = placements.tokens(node, stepTokens);
      for (Value value : node.outputs()) {
        placements.tokens.put(value, count);
        placements.producers.put(value, node);
      }
    }
    graph.nodes().reversed().forEach(placements::claimHomes);
    placements.placeLogits(graph.logits(), logits);
    graph.nodes().forEach(placements::placeOutputs);
    return placements;
  }

  /** Where a value lies. */
  Layout of(Value value) {
    return Objects.requireNonNull(layouts.get(value), () -> "nothing computes " + value);
  }

  private int tokens(Node node, int stepTokens) {
    boolean last =
        switch (node.op()) {
          case Op.LastToken _, FusedOp.LastRmsNorm _ -> true;
          case FusedOp.Linears linears -> linears.lastOnly();
          default -> false;
        };
    if (last) {
      return 1;
    }
    int count = -1;
    for (Value input : node.inputs()) {
      Integer known = tokens.get(input);
      if (known == null) {
        throw new PlanException(node.label() + " reads a value before it is computed");
      }
      if (count >= 0 && count != known) {
        throw new PlanException(node.label() + " mixes all tokens with the last token");
      }
      count = known;
    }
    return count < 0 ? stepTokens : count;
  }

  private void claimHomes(Node node) {
    if (node.op() instanceof Op.Concat) {
      Value left = node.inputs().getFirst();
      Value right = node.inputs().getLast();
      Value whole = node.output();
      if (left.rows() != right.rows()
          || whole.rows() != left.rows()
          || whole.width() != left.width() + right.width()) {
        throw new PlanException(node.label() + " joins rows that do not match");
      }
      claim(node, left, new Home(whole, 0));
      claim(node, right, new Home(whole, left.width()));
    }
  }

  private void claim(Node concat, Value part, Home home) {
    Op producer = Objects.requireNonNull(producers.get(part)).op();
    boolean view = producer instanceof Op.Reshape || producer instanceof Op.Slice;
    if (view || homes.put(part, home) != null) {
      throw new PlanException(
          concat.label()
              + " joins a value that cannot be computed in place ("
              + (view ? "it is a view" : "another concatenation holds it")
              + "); there is no copy kernel");
    }
  }

  private void placeLogits(Value logits, Region region) {
    Node producer = producers.get(logits);
    if (producer == null || isView(producer.op()) || homes.containsKey(logits)) {
      throw new PlanException("the logits must be the result of a kernel, not a view");
    }
    int count = Objects.requireNonNull(tokens.get(logits));
    if (count != 1 || logits.rows() != 1) {
      throw new PlanException("the logits must be one row, of the last token");
    }
    layouts.put(logits, Layout.dense(region, 1, 1, logits.width()));
  }

  private void placeOutputs(Node node) {
    try {
      switch (node.op()) {
        case Op.Reshape(int rows, int width) ->
            layouts.put(node.output(), of(node.inputs().getFirst()).reshaped(rows, width));
        case Op.Slice(int from, int to) ->
            layouts.put(node.output(), of(node.inputs().getFirst()).columns(from, to - from));
        default -> {
          for (int i = 0; i < node.outputs().size(); i++) {
            place(node.outputs().get(i), label(node, i));
          }
        }
      }
    } catch (PlanException e) {
      throw new PlanException(node.label() + ": " + e.getMessage(), e);
    }
  }

  /** A result of several is called as whatever computes it in the node's body, or by its number. */
  private static String label(Node node, int output) {
    if (node.outputs().size() == 1) {
      return node.label();
    }
    if (node.op() instanceof FusedOp.Group group) {
      Value value = node.outputs().get(output);
      for (Node part : group.body()) {
        if (part.outputs().contains(value)) {
          return label(part, part.outputs().indexOf(value));
        }
      }
    }
    return node.label() + "." + output;
  }

  private Layout place(Value value, String label) {
    Layout known = layouts.get(value);
    if (known != null) {
      return known;
    }
    Home home = homes.get(value);
    Layout layout;
    if (home == null) {
      int count = Objects.requireNonNull(tokens.get(value));
      long bytes = Layout.denseBytes(count, value.rows(), value.width());
      Region region = new Region.Scratch(label, bytes);
      layout = Layout.dense(region, count, value.rows(), value.width());
    } else {
      String wholeLabel = Objects.requireNonNull(producers.get(home.whole())).label();
      layout = place(home.whole(), wholeLabel).columns(home.column(), value.width());
    }
    layouts.put(value, layout);
    return layout;
  }

  /** Whether an operation only looks at what others computed. */
  static boolean isView(Op op) {
    return op instanceof Op.Reshape || op instanceof Op.Slice || op instanceof Op.Concat;
  }
}
