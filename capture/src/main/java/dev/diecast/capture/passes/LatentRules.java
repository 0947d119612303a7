package dev.diecast.capture.passes;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What stands between the projections of latent attention and the attention itself. */
final class LatentRules {
  private LatentRules() {}

  /** The queries' way into the latent space and the cache row, in one, just before attention. */
  static Optional<Rewrite> prepare(Node node, GraphEditor graph) {
    if (!(node.op() instanceof Op.Attention attention)
        || !attention.k().equals(attention.v())
        || attention.kvHeads() != 1) {
      return Optional.empty();
    }
    @Nullable Node keep = graph.soleWriter(attention.k(), node).orElse(null);
    if (keep == null) {
      return Optional.empty();
    }
    @Nullable Halves q = halves(node.inputs().getFirst(), graph).orElse(null);
    @Nullable Halves row = halves(keep.inputs().getFirst(), graph).orElse(null);
    return q != null && row != null && row.x().rows() == 1 && q.turnsLike(row)
        ? fused(node, q, row, keep)
        : Optional.empty();
  }

  /** [ f(first columns of x) | rope(the other columns of x) ]. */
  private record Halves(
      Value x, Node firstColumns, Node first, Node otherColumns, Node turned, Node joined) {
    Op.Rope rope() {
      return (Op.Rope) turned.op();
    }

    Value angles() {
      return turned.inputs().getLast();
    }

    boolean turnsLike(Halves other) {
      return rope().equals(other.rope()) && angles().equals(other.angles());
    }

    /** Whether the two slices share x out, and all of the second turns. */
    boolean complete() {
      return firstColumns.op() instanceof Op.Slice left
          && otherColumns.op() instanceof Op.Slice right
          && firstColumns.inputs().equals(otherColumns.inputs())
          && left.from() == 0
          && left.to() == right.from()
          && right.to() == x.width()
          && rope().nRot() == right.to() - right.from();
    }

    List<Node> nodes() {
      return List.of(firstColumns, first, otherColumns, turned, joined);
    }
  }

  private static Optional<Halves> halves(Value value, GraphEditor graph) {
    @Nullable Node joined = graph.soleProducer(value).orElse(null);
    if (joined == null || !(joined.op() instanceof Op.Concat)) {
      return Optional.empty();
    }
    @Nullable Node first = graph.soleProducer(joined.inputs().getFirst()).orElse(null);
    @Nullable Node turned = graph.soleProducer(joined.inputs().getLast()).orElse(null);
    if (first == null
        || first.inputs().isEmpty()
        || turned == null
        || !(turned.op() instanceof Op.Rope)) {
      return Optional.empty();
    }
    @Nullable Node left = graph.soleProducer(first.inputs().getFirst()).orElse(null);
    @Nullable Node right = graph.soleProducer(turned.inputs().getFirst()).orElse(null);
    if (left == null || left.inputs().isEmpty() || right == null) {
      return Optional.empty();
    }
    Halves halves = new Halves(left.inputs().getFirst(), left, first, right, turned, joined);
    return Optional.of(halves).filter(Halves::complete);
  }

  private static Optional<Rewrite> fused(Node attention, Halves q, Halves row, Node keep) {
    if (!(q.first().op() instanceof Op.HeadLinear absorb)
        || !(row.first().op() instanceof Op.RmsNorm norm)
        || !(keep.op() instanceof Op.KvWrite write)
        || q.first().output().width() != row.first().output().width()) {
      return Optional.empty();
    }
    List<Node> body = new ArrayList<>(q.nodes());
    body.addAll(row.nodes());
    body.add(keep);
    FusedOp op =
        new FusedOp.LatentPrepare(
            absorb, new FusedOp.Norm(norm.weight(), norm.eps()), q.rope(), write.cache(), body);
    List<Value> inputs = List.of(q.x(), row.x(), q.angles());
    int layer = attention.layer();
    String label = Labels.scoped("latent_prepare", layer);
    Node prepare = new Node(op, inputs, q.joined().outputs(), label, layer);
    return Optional.of(new Rewrite.Replace(body, List.of(prepare, attention)));
  }
}
