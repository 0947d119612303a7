package dev.diecast.capture.passes;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import java.util.ArrayList;
import java.util.List;

/** Which traced operations a node stands for. */
public final class Sources {
  private Sources() {}

  /** The labels of the traced operations that these nodes compute, in the given order. */
  public static List<String> of(Node... nodes) {
    List<String> labels = new ArrayList<>();
    for (Node node : nodes) {
      if (node.op() instanceof FusedOp fused) {
        labels.addAll(fused.sources());
      } else {
        labels.add(node.label());
      }
    }
    return labels;
  }
}
