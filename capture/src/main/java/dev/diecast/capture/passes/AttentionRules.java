package dev.diecast.capture.passes;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Attention and what follows it head by head. */
final class AttentionRules {
  private AttentionRules() {}

  /**
   * Attention that joins its own splits. A matrix per head, as stored and not transposed, comes
   * along when it alone reads the result.
   */
  static Optional<Rewrite> split(Node node, GraphEditor graph) {
    if (!(node.op() instanceof Op.Attention attention)) {
      return Optional.empty();
    }
    @Nullable Node reader = graph.soleReader(node.output()).orElse(null);
    if (reader != null && reader.op() instanceof Op.HeadLinear value && !value.transposed()) {
      FusedOp op = new FusedOp.SplitAttention(attention, List.of(value), List.of(node, reader));
      String label = Labels.join(node.label(), reader.label(), node.layer());
      Node fused = new Node(op, node.inputs(), reader.outputs(), label, node.layer());
      return Optional.of(Rewrite.absorb(reader, fused));
    }
    FusedOp op = new FusedOp.SplitAttention(attention, List.of(), List.of(node));
    return Optional.of(
        Rewrite.replace(new Node(op, node.inputs(), node.outputs(), node.label(), node.layer())));
  }
}
