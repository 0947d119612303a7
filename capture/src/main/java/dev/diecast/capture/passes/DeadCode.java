package dev.diecast.capture.passes;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Drops nodes whose results nothing reads. Nodes without a result are effects and stay, and so does
 * what they are fused into.
 */
record DeadCode() implements Pass {
  @Override
  public String name() {
    return "canonicalize-dead-code";
  }

  @Override
  public String summary() {
    return "a result that nothing reads is not computed";
  }

  @Override
  public boolean required() {
    return false;
  }

  @Override
  public Outcome apply(Graph graph) {
    Set<Value> live = new HashSet<>();
    live.add(graph.logits());
    List<Node> kept = new ArrayList<>();
    for (Node node : graph.nodes().reversed()) {
      if (isEffect(node) || node.outputs().stream().anyMatch(live::contains)) {
        live.addAll(node.inputs());
        kept.add(node);
      }
    }
    long dropped = (long) graph.nodes().size() - kept.size();
    return new Outcome(new Graph(kept.reversed(), graph.caches(), graph.logits()), dropped);
  }

  private static boolean isEffect(Node node) {
    return node.outputs().isEmpty()
        || (node.op() instanceof FusedOp.Group group
            && group.body().stream().anyMatch(DeadCode::isEffect));
  }
}
