package dev.diecast.capture.graph;

import java.util.List;

/**
 * One symbolic step of a model: nodes in an order in which each follows its operands and effects
 * keep their trace order.
 *
 * @param nodes the operations
 * @param caches the KV caches, in layer order
 * @param logits the value that sampling reads, 1 x vocab
 */
public record Graph(List<Node> nodes, List<CacheRef> caches, Value logits) {
  /** A graph with its own copies of the lists. */
  public Graph {
    nodes = List.copyOf(nodes);
    caches = List.copyOf(caches);
  }
}
