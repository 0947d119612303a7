package dev.diecast.capture.passes;

import dev.diecast.capture.graph.Node;
import java.util.Optional;

/** A local rewrite: looks at one node and what feeds it. */
@FunctionalInterface
interface Rule {
  /** The rewrite to do at this node, or empty when the rule does not apply. */
  Optional<Rewrite> at(Node node, GraphEditor graph);
}
