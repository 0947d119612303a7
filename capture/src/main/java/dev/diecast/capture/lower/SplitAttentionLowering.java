package dev.diecast.capture.lower;

import static dev.diecast.capture.lower.StepContext.require;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;

/** Attention that joins its own splits, in one dispatch. */
final class SplitAttentionLowering {
  private SplitAttentionLowering() {}

  static Draft lower(FusedOp.SplitAttention op, Node node, StepContext step) {
    Op.Attention attention = op.attention();
    Layout q = step.input(node, 0);
    Layout y = step.output(node);
    AttentionLowering.requireHeads(attention, q, node);
    Layout partial = AttentionLowering.partial(attention, node, step, q);
    Span tickets = step.tickets().span(y.tokens(), attention.kvHeads());
    KernelCall call =
        step.call("split_attention", node)
            .bind("q", q)
            // Each part is written once and read once.
            .bind("partial", partial.span(), Math.multiplyExact(2, partial.payloadBytes()))
            .bind("tickets", tickets, tickets.bytes())
            .bind("y", y)
            .strides("q", "head", q)
            .strides("y", "head", y)
            .flops(AttentionLowering.joins(attention, q, step));
    AttentionLowering.context(attention, q, call, step);
    int width = attention.dv();
    if (op.value().isEmpty()) {
      call.arg("value_rows", 0).arg("row_bytes", 0).arg("head_bytes", 0);
    } else {
      width = value(op.value().getFirst(), attention, q, call, node, step);
    }
    require(
        y.rows() == q.rows() && y.width() == width,
        node,
        "its result is not " + width + " values per head");
    return call.build();
  }

  /** Binds the matrices that the heads' results go through; returns how many values they give. */
  private static int value(
      Op.HeadLinear value,
      Op.Attention attention,
      Layout q,
      KernelCall call,
      Node node,
      StepContext step) {
    HeadMatrices w = HeadMatrices.of(value, q.rows(), node, step);
    require(
        !value.transposed() && w.in() == attention.dv(),
        node,
        value.weight().name() + " does not take what attention gives");
    call.matrix("value", step.weights().requireRunnable(value.weight()), w.span(), w.read())
        .arg("value_rows", value.rows())
        .arg("row_bytes", value.weight().rowBytes())
        .arg("head_bytes", w.headBytes())
        .flops(w.flops(q.tokens()));
    return w.out();
  }
}
