package dev.diecast.capture.passes;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Norms that their readers apply to what they read. A norm is left alone unless every reader can,
 * for then it would still run.
 */
final class NormRules {
  private NormRules() {}

  /** Puts a norm of one row into a reader; the last one takes the norm away. */
  static Optional<Rewrite> fold(Node reader, GraphEditor graph) {
    return operand(reader, graph)
        .filter(norm -> norm.op() instanceof Op.RmsNorm)
        .flatMap(norm -> folded(norm, reader, graph));
  }

  /** The same for the norm of the last token: what reads it then computes that token alone. */
  static Optional<Rewrite> foldLast(Node reader, GraphEditor graph) {
    return operand(reader, graph)
        .filter(norm -> norm.op() instanceof FusedOp.LastRmsNorm)
        .flatMap(norm -> folded(norm, reader, graph));
  }

  private static Optional<Node> operand(Node reader, GraphEditor graph) {
    return reader.inputs().isEmpty()
        ? Optional.empty()
        : graph.producer(reader.inputs().getFirst());
  }

  private static Optional<Rewrite> folded(Node norm, Node reader, GraphEditor graph) {
    Value normed = norm.output();
    List<Node> readers = graph.readers(normed);
    if (graph.isLogits(normed) || readers.stream().anyMatch(other -> with(norm, other).isEmpty())) {
      return Optional.empty();
    }
    List<Node> absorbed = readers.size() == 1 ? List.of(norm) : List.of();
    return with(norm, reader).map(fused -> new Rewrite.Replace(absorbed, List.of(fused)));
  }

  /** A reader with the norm in it; empty when no kernel does both. */
  private static Optional<Node> with(Node norm, Node reader) {
    if (reader.inputs().lastIndexOf(norm.output()) != 0) {
      return Optional.empty();
    }
    return switch (norm.op()) {
      case Op.RmsNorm op -> {
        FusedOp.Norm by = new FusedOp.Norm(op.weight(), op.eps());
        yield Segments.of(reader)
            .map(segments -> segments.normed(norm, by, false))
            .or(() -> experts(norm, by, reader));
      }
      case FusedOp.LastRmsNorm op ->
          Segments.of(reader)
              .filter(segments -> segments.residuals().isEmpty())
              .map(
                  segments -> segments.normed(norm, new FusedOp.Norm(op.weight(), op.eps()), true));
      default -> Optional.empty();
    };
  }

  private static Optional<Node> experts(Node norm, FusedOp.Norm by, Node reader) {
    if (!(reader.op() instanceof FusedOp.ExpertGateUp experts) || !experts.norm().isEmpty()) {
      return Optional.empty();
    }
    List<Node> body = new ArrayList<>(experts.body());
    body.addFirst(norm);
    FusedOp op = new FusedOp.ExpertGateUp(experts.gate(), experts.up(), List.of(by), body);
    List<Value> inputs = List.of(norm.inputs().getFirst(), reader.inputs().get(1));
    return Optional.of(new Node(op, inputs, reader.outputs(), reader.label(), reader.layer()));
  }
}
