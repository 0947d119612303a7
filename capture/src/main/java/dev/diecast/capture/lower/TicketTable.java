package dev.diecast.capture.lower;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Graph;
import dev.diecast.plans.PlanBuffer;

/**
 * The counters that attention needs to join its splits. One buffer serves all layers and programs,
 * since a dispatch leaves it as it found it.
 */
record TicketTable(Region region) {
  /** Two int32 per token and kv head. */
  private static final long BYTES = 2L * Integer.BYTES;

  /** Adds the buffer, unless the graph has no use for it. */
  static TicketTable of(Graph graph, int mostTokens, BufferTable buffers) {
    int kvHeads =
        graph.nodes().stream()
            .mapToInt(node ->
                node.op() instanceof FusedOp.SplitAttention op ? op.attention().kvHeads() : 0)
            .max()
            .orElse(0);
    TicketTable table = new TicketTable(new Region.Fixed(buffers.next()));
    if (kvHeads > 0) {
      buffers.add(new PlanBuffer.Tickets("tickets", bytes(mostTokens, kvHeads)));
    }
    return table;
  }

  /** The counters of one dispatch. */
  Span span(int tokens, int kvHeads) {
    return new Span(region, 0, bytes(tokens, kvHeads));
  }

  private static long bytes(int tokens, int kvHeads) {
    return Math.multiplyExact(Math.multiplyExact(BYTES, tokens), kvHeads);
  }
}
