package dev.diecast.capture.graph;

import java.util.List;

/**
 * One operation of a graph.
 *
 * @param op what it computes
 * @param inputs its operands
 * @param outputs its results: one, none for effects, several for {@link Op.Route} and {@link
 *     FusedOp.Linears}
 * @param label its name in dumps: {@code blk.3.attn_q}
 * @param layer the layer, -1 outside the layers
 */
public record Node(Op op, List<Value> inputs, List<Value> outputs, String label, int layer) {
  /** A node with its own copies of the lists. */
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The only output. */
  public Value output() {
    if (outputs.size() != 1) {
      throw new IllegalStateException(label + " has " + outputs.size() + " outputs");
    }
    return outputs.getFirst();
  }

  /** Labels of the traced operations that it computes, in trace order. */
  public List<String> sources() {
    return op instanceof FusedOp fused ? fused.sources() : List.of(label);
  }
}
