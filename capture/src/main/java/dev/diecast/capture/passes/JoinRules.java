package dev.diecast.capture.passes;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Linears that read the same value. */
final class JoinRules {
  private JoinRules() {}

  /**
   * Linears of one operand run as one, where the first of them stands. One that adds a value made
   * only after that place stays behind; so does what no longer fits.
   */
  static Optional<Rewrite> join(Node first, GraphEditor graph) {
    @Nullable Segments joined = Segments.of(first).orElse(null);
    if (joined == null) {
      return Optional.empty();
    }
    List<Node> absorbed = new ArrayList<>();
    for (Node other : graph.readers(joined.x())) {
      @Nullable Segments more = joinable(other, first, joined.x(), graph).orElse(null);
      if (more != null && joined.list().size() + more.list().size() <= FusedOp.Linears.MOST) {
        joined = joined.and(more);
        absorbed.add(other);
      }
    }
    return absorbed.isEmpty()
        ? Optional.empty()
        : Optional.of(new Rewrite.Replace(absorbed, List.of(joined.fused())));
  }

  private static Optional<Segments> joinable(Node other, Node first, Value x, GraphEditor graph) {
    return graph.precedes(first, other)
        ? Segments.of(other)
            .filter(more -> more.x().equals(x))
            .filter(more -> more.residuals().stream().allMatch(r -> graph.precedes(r, first)))
        : Optional.empty();
  }
}
