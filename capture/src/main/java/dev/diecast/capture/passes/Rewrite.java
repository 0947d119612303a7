package dev.diecast.capture.passes;

import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Value;
import java.util.List;

/** What a {@link Rule} wants done at the node it matched. */
sealed interface Rewrite {
  /**
   * Puts {@code with} in the node's place and removes the nodes in {@code absorbed}, wherever they
   * are. Operands of the new nodes must be made before that place, and what they make must be read
   * after it.
   */
  record Replace(List<Node> absorbed, List<Node> with) implements Rewrite {
    public Replace {
      absorbed = List.copyOf(absorbed);
      with = List.copyOf(with);
    }
  }

  /** Removes the node; its readers read {@code value} instead. */
  record Forward(Value value) implements Rewrite {}

  /** Replaces the node alone. */
  static Rewrite replace(Node with) {
    return new Replace(List.of(), List.of(with));
  }

  /** Replaces the node and another. */
  static Rewrite absorb(Node absorbed, Node with) {
    return new Replace(List.of(absorbed), List.of(with));
  }
}
