package dev.diecast.capture.interpret;

import dev.diecast.capture.graph.Node;
import java.util.List;

/** Sees what each node computes, for comparison with another way of computing it. */
@FunctionalInterface
public interface NodeObserver {
  /** Looks at nothing. */
  NodeObserver NONE = (position, node, outputs) -> {};

  /**
   * Called after a node ran.
   *
   * @param position of the token, from 0
   * @param node the node
   * @param outputs one array of rows x width elements per output, row by row; expert ids as whole
   *     numbers; not to be changed
   */
  void computed(int position, Node node, List<double[]> outputs);
}
