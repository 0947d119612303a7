package dev.diecast.capture.passes;

import dev.diecast.capture.graph.CacheRef;
import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A graph under rewriting, indexed by who makes and who reads each value. */
final class GraphEditor {
  /** One place in the order; a rewrite leaves it with no node, one, or several. */
  private final List<List<Node>> places = new ArrayList<>();

  private final IdentityHashMap<Node, Integer> placeOf = new IdentityHashMap<>();
  private final Map<Value, Node> producers = new HashMap<>();

  /** Nodes that read a value, one entry for each operand that is it. */
  private final Map<Value, List<Node>> readers = new HashMap<>();

  /** Nodes that append to a cache or attend to it. */
  private final Map<CacheRef, List<Node>> cacheUsers = new HashMap<>();

  private final Graph original;
  private Value logits;
  private int nextId;

  GraphEditor(Graph graph) {
    original = graph;
    logits = graph.logits();
    for (Node node : graph.nodes()) {
      places.add(new ArrayList<>());
      add(node, places.size() - 1);
      node.inputs().forEach(value -> nextId = Math.max(nextId, value.id() + 1));
      node.outputs().forEach(value -> nextId = Math.max(nextId, value.id() + 1));
    }
  }

  /** The node that makes a value, or empty. */
  Optional<Node> producer(Value value) {
    return Optional.ofNullable(producers.get(value));
  }

  /** The node that makes a value, when nothing but one node reads it, as one operand. */
  Optional<Node> soleProducer(Value value) {
    return uses(value) == 1 ? producer(value) : Optional.empty();
  }

  /** The node that reads a value, when nothing else does. */
  Optional<Node> soleReader(Value value) {
    return uses(value) == 1 ? readers(value).stream().findFirst() : Optional.empty();
  }

  /** The nodes that read a value, in graph order. Whoever reads the logits is none of them. */
  List<Node> readers(Value value) {
    return readers.getOrDefault(value, List.of()).stream()
        .distinct()
        .sorted(Comparator.comparingInt(this::place))
        .toList();
  }

  /** Whether the graph is run for this value. */
  boolean isLogits(Value value) {
    return value.equals(logits);
  }

  /** The node that appends to a cache to which no other node than {@code attention} attends. */
  Optional<Node> soleWriter(CacheRef cache, Node attention) {
    List<Node> users = cacheUsers.getOrDefault(cache, List.of());
    return users.size() == 2 && users.contains(attention)
        ? users.stream().filter(node -> node.op() instanceof Op.KvWrite).findFirst()
        : Optional.empty();
  }

  /** Whether a value is there before a node's place. */
  boolean precedes(Value value, Node node) {
    return producer(value).filter(made -> place(made) < place(node)).isPresent();
  }

  /** Whether a node stands before another. */
  boolean precedes(Node node, Node other) {
    return place(node) < place(other);
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
      Node node = places.get(place).getFirst();
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
    List<Node> nodes = places.stream().flatMap(List::stream).toList();
    return new Graph(nodes, original.caches(), logits);
  }

  private void apply(Rewrite rewrite, Node node, int place) {
    remove(node);
    switch (rewrite) {
      case Rewrite.Forward forward -> redirect(node.output(), forward.value());
      case Rewrite.Replace replace -> {
        replace.absorbed().forEach(this::remove);
        replace.with().forEach(added -> add(added, place));
      }
    }
  }

  /** Makes all that reads one value read another. */
  private void redirect(Value from, Value to) {
    for (Node reader : readers(from)) {
      List<Node> here = places.get(place(reader));
      List<Value> inputs =
          reader.inputs().stream().map(value -> value.equals(from) ? to : value).toList();
      Node now = new Node(reader.op(), inputs, reader.outputs(), reader.label(), reader.layer());
      here.set(here.indexOf(reader), now);
      int place = place(reader);
      leave(reader);
      enter(now, place);
    }
    logits = logits.equals(from) ? to : logits;
  }

  private void add(Node node, int place) {
    places.get(place).add(node);
    enter(node, place);
  }

  private void remove(Node node) {
    places.get(place(node)).remove(node);
    leave(node);
  }

  private void enter(Node node, int place) {
    placeOf.put(node, place);
    node.inputs()
        .forEach(value -> readers.computeIfAbsent(value, key -> new ArrayList<>(2)).add(node));
    node.outputs().forEach(value -> producers.put(value, node));
    caches(node)
        .forEach(cache -> cacheUsers.computeIfAbsent(cache, key -> new ArrayList<>(2)).add(node));
  }

  private void leave(Node node) {
    placeOf.remove(node);
    node.inputs().forEach(value -> readers.getOrDefault(value, List.of()).remove(node));
    node.outputs().forEach(producers::remove);
    caches(node).forEach(cache -> cacheUsers.getOrDefault(cache, List.of()).remove(node));
  }

  private int uses(Value value) {
    return readers.getOrDefault(value, List.of()).size() + (isLogits(value) ? 1 : 0);
  }

  private int place(Node node) {
    return Objects.requireNonNull(placeOf.get(node), node::label);
  }

  private static Stream<CacheRef> caches(Node node) {
    return switch (node.op()) {
      case Op.KvWrite write -> Stream.of(write.cache());
      case Op.Attention attention -> Stream.of(attention.k(), attention.v()).distinct();
      case FusedOp.Group group -> group.body().stream().flatMap(GraphEditor::caches).distinct();
      default -> Stream.of();
    };
  }
}
