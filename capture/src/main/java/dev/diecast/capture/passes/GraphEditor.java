package dev.diecast.capture.passes;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A graph under rewriting, indexed by who makes and who reads each value. */
final class GraphEditor {
  /** One place in the order; a rewrite leaves it with no node, one, or several. */
  private final List<List<Node>> places = new ArrayList<>();

  private final Map<Value, Node> producers = new HashMap<>();
  private final Map<Value, Integer> producerPlace = new HashMap<>();
  private final Map<Value, Integer> uses = new HashMap<>();
  private final Map<Value, Value> forwarded = new HashMap<>();
  private final Graph original;
  private Value logits;
  private int nextId;

  GraphEditor(Graph graph) {
    original = graph;
    logits = graph.logits();
    uses.merge(logits, 1, Integer::sum);
    for (Node node : graph.nodes()) {
      places.add(new ArrayList<>(List.of(node)));
      enter(node, places.size() - 1);
      node.inputs().forEach(value -> nextId = Math.max(nextId, value.id() + 1));
      node.outputs().forEach(value -> nextId = Math.max(nextId, value.id() + 1));
    }
  }

  /** The node that makes a value, or empty. */
  Optional<Node> producer(Value value) {
    return Optional.ofNullable(producers.get(value));
  }

  /** The node that makes a value, when nothing but one node reads it. */
  Optional<Node> soleProducer(Value value) {
    return uses.getOrDefault(value, 0) == 1 ? producer(value) : Optional.empty();
  }

  /** A value that no node has yet. */
  Value fresh(int rows, int width) {
    return new Value(nextId++, rows, width);
  }

  /** Applies the rule wherever it matches, in graph order; returns how often it did. */
  long sweep(Rule rule) {
    long changes = 0;
    for (int place = 0; place < places.size(); place++) {
      if (places.get(place).size() != 1) {
        continue;
      }
      Node node = resolved(place);
      @Nullable Rewrite rewrite = rule.at(node, this).orElse(null);
      if (rewrite != null) {
        apply(rewrite, node, place);
        changes++;
      }
    }
    return changes;
  }

  /** The graph as it stands. */
  Graph graph() {
    List<Node> nodes = new ArrayList<>();
    places.forEach(nodesHere -> nodesHere.forEach(node -> nodes.add(resolve(node))));
    return new Graph(nodes, original.caches(), resolve(logits));
  }

  private void apply(Rewrite rewrite, Node node, int place) {
    leave(node);
    places.get(place).clear();
    switch (rewrite) {
      case Rewrite.Forward forward -> {
        Value from = node.output();
        forwarded.put(from, forward.value());
        uses.merge(forward.value(), uses.getOrDefault(from, 0), Integer::sum);
        uses.remove(from);
        logits = resolve(logits);
      }
      case Rewrite.Replace replace -> {
        for (Node absorbed : replace.absorbed()) {
          int at = Objects.requireNonNull(producerPlace.get(absorbed.outputs().getFirst()));
          leave(absorbed);
          places.get(at).remove(absorbed);
        }
        for (Node added : replace.with()) {
          places.get(place).add(added);
          enter(added, place);
        }
      }
    }
  }

  private void enter(Node node, int place) {
    node.inputs().forEach(value -> uses.merge(value, 1, Integer::sum));
    for (Value value : node.outputs()) {
      producers.put(value, node);
      producerPlace.put(value, place);
    }
  }

  private void leave(Node node) {
    node.inputs().forEach(value -> uses.merge(value, -1, Integer::sum));
    node.outputs().forEach(producers::remove);
  }

  /** The only node of a place, with forwarded operands replaced for good. */
  private Node resolved(int place) {
    Node node = places.get(place).getFirst();
    Node now = resolve(node);
    if (!now.equals(node)) {
      places.get(place).set(0, now);
      now.outputs().forEach(value -> producers.put(value, now));
    }
    return now;
  }

  private Node resolve(Node node) {
    if (forwarded.isEmpty()) {
      return node;
    }
    List<Value> inputs = node.inputs().stream().map(this::resolve).toList();
    return inputs.equals(node.inputs())
        ? node
        : new Node(node.op(), inputs, node.outputs(), node.label(), node.layer());
  }

  private Value resolve(Value value) {
    Value now = value;
    for (Value next = forwarded.get(now); next != null; next = forwarded.get(now)) {
      now = next;
    }
    return now;
  }
}
