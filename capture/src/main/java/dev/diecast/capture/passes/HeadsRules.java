package dev.diecast.capture.passes;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What stands between the projections of grouped-query attention and the attention itself. */
final class HeadsRules {
  private HeadsRules() {}

  /** Norms and turns of q and k, and the cache rows of k and v, in one, just before attention. */
  static Optional<Rewrite> prepare(Node node, GraphEditor graph) {
    if (!(node.op() instanceof Op.Attention attention)) {
      return Optional.empty();
    }
    @Nullable Node keep = graph.soleWriter(attention.k(), node).orElse(null);
    @Nullable Node keepValue = graph.soleWriter(attention.v(), node).orElse(null);
    if (keep == null || keepValue == null || attention.k().equals(attention.v())) {
      return Optional.empty();
    }
    @Nullable Turned q = turned(node.inputs().getFirst(), graph).orElse(null);
    @Nullable Turned k = turned(keep.inputs().getFirst(), graph).orElse(null);
    Value v = keepValue.inputs().getFirst();
    if (q == null || k == null || !q.turnsLike(k) || !q.normsLike(k)) {
      return Optional.empty();
    }
    return shaped(k.x(), attention.kvHeads(), attention.dk())
            && shaped(v, attention.kvHeads(), attention.dv())
        ? Optional.of(fused(node, q, k, keep, keepValue))
        : Optional.empty();
  }

  /** Heads that are normed, maybe, and rotated. */
  private record Turned(Value x, List<Node> normed, Node turned) {
    Op.Rope rope() {
      return (Op.Rope) turned.op();
    }

    Value angles() {
      return turned.inputs().getLast();
    }

    List<FusedOp.Norm> norm() {
      return normed.stream()
          .map(node -> (Op.RmsNorm) node.op())
          .map(op -> new FusedOp.Norm(op.weight(), op.eps()))
          .toList();
    }

    boolean turnsLike(Turned other) {
      return rope().equals(other.rope()) && angles().equals(other.angles());
    }

    /** A kernel has one eps. */
    boolean normsLike(Turned other) {
      return Stream.concat(norm().stream(), other.norm().stream())
              .mapToDouble(FusedOp.Norm::eps)
              .distinct()
              .count()
          <= 1;
    }
  }

  private static Optional<Turned> turned(Value value, GraphEditor graph) {
    return graph
        .soleProducer(value)
        .filter(node -> node.op() instanceof Op.Rope)
        .map(rope -> {
          Value x = rope.inputs().getFirst();
          return graph
              .soleProducer(x)
              .filter(node -> node.op() instanceof Op.RmsNorm)
              .map(norm -> new Turned(norm.inputs().getFirst(), List.of(norm), rope))
              .orElse(new Turned(x, List.of(), rope));
        });
  }

  private static boolean shaped(Value value, int rows, int width) {
    return value.rows() == rows && value.width() == width;
  }

  private static Rewrite fused(Node attention, Turned q, Turned k, Node keep, Node keepValue) {
    List<Node> body = new ArrayList<>(q.normed());
    body.addAll(k.normed());
    body.addAll(List.of(q.turned(), k.turned(), keep, keepValue));
    FusedOp op =
        new FusedOp.HeadsPrepare(
            q.norm(),
            k.norm(),
            q.rope(),
            ((Op.KvWrite) keep.op()).cache(),
            ((Op.KvWrite) keepValue.op()).cache(),
            body);
    List<Value> inputs = List.of(q.x(), k.x(), keepValue.inputs().getFirst(), q.angles());
    int layer = attention.layer();
    String label = Labels.scoped("heads_prepare", layer);
    Node prepare = new Node(op, inputs, q.turned().outputs(), label, layer);
    return new Rewrite.Replace(body, List.of(prepare, attention));
  }
}
