package dev.diecast.capture.lower;

import static dev.diecast.capture.lower.StepContext.require;
import static dev.diecast.capture.lower.StepContext.row;

import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.plans.gguf.TensorInfo;

/** Mixture of experts: the chosen experts are read in place, at base + id * stride. */
final class ExpertLowering {
  private ExpertLowering() {}

  static Draft route(Op.Route op, Node node, StepContext step) {
    Layout logits = row(step.input(node, 0), node);
    Layout ids = step.at(node.outputs().getFirst());
    Layout weights = step.at(node.outputs().getLast());
    require(
        op.used() >= 1 && op.used() <= logits.elements(),
        node,
        op.used() + " of " + logits.elements() + " experts cannot be chosen");
    require(
        ids.elements() == op.used() && weights.elements() == op.used(),
        node,
        "its results do not have one element per chosen expert");
    KernelCall call =
        step.call("route", node)
            .bind("logits", logits)
            .bind("ids", ids)
            .bind("weights", weights)
            .arg("n_tokens", logits.tokens())
            .arg("n_expert", logits.elements())
            .arg("n_used", op.used())
            .arg(
                "gating",
                switch (op.gating()) {
                  case SOFTMAX -> 1;
                  case SIGMOID -> 2;
                })
            .arg("norm", op.normalise() ? 1 : 0)
            .stride("logits", logits)
            .stride("ids", ids)
            .stride("weights", weights)
            .arg("weight_scale", op.scale())
            .flops(logits.elements() * (4L + op.used()) * logits.tokens());
    for (TensorInfo bias : op.bias()) {
      step.weights().requireVector(bias, logits.elements());
      call.weights("bias", step.weights().span(bias), bias.bytes());
    }
    return call.build();
  }

  static Draft linear(Op.ExpertLinear op, Node node, StepContext step) {
    Layout x = step.input(node, 0);
    Layout ids = step.input(node, 1);
    Layout y = step.output(node);
    int used = y.rows();
    require(x.rows() == 1 || x.rows() == used, node, "its operand has not one row per slot");
    requireIds(ids, used, node);
    ExpertMatrices w = ExpertMatrices.of(op, x, y, node, step);
    long products = Math.multiplyExact(y.tokens(), (long) used);
    KernelCall call = step.call(step.weights().kernel("expert_gemv", op.weight()), node);
    return call.experts("w", w.span(), w.index(call.slot("ids")), w.read(products))
        .bind("ids", ids)
        .bind("x", x)
        .bind("y", y)
        .arg("n_tokens", y.tokens())
        .arg("n_expert", w.count())
        .arg("n_used", used)
        .arg("rows", w.rows())
        .arg("cols", w.cols())
        .stride("x", x)
        .arg("x_slot_stride", x.rows() == 1 ? 0 : x.rowStride())
        .strides("y", "slot", y)
        .arg("row_bytes", op.weight().rowBytes())
        .arg("expert_bytes", w.stride())
        .flops(w.flops(products))
        .build();
  }

  /** Kernels take ids side by side, without a stride. */
  static void requireIds(Layout ids, int used, Node node) {
    require(
        ids.elements() == used && ids.tokenStride() == used, node, "the ids are not one per slot");
  }

  static Draft combine(boolean residual, boolean shared, Node node, StepContext step) {
    Layout x = step.input(node, 0);
    Layout weights = step.input(node, 1);
    Layout y = row(step.output(node), node);
    require(
        x.width() == y.elements() && weights.elements() == x.rows(),
        node,
        "its operands do not have one row and weight per slot");
    KernelCall call =
        step.call("expert_combine", node)
            .bind("x", x)
            .bind("weights", weights)
            .bind("y", y)
            .arg("n_tokens", y.tokens())
            .arg("n_used", x.rows())
            .arg("n", x.width())
            .strides("x", "slot", x)
            .stride("weights", weights)
            .stride("y", y)
            .flops(LinearLowering.products(y.tokens(), x.rows(), x.width()));
    int next = 2;
    next = addend(call, "residual", residual, next, node, step);
    addend(call, "shared", shared, next, node, step);
    return call.build();
  }

  private static int addend(
      KernelCall call, String slot, boolean present, int input, Node node, StepContext step) {
    if (!present) {
      call.arg(slot + "_stride", 0);
      return input;
    }
    Layout layout = row(step.input(node, input), node);
    require(layout.elements() == step.output(node).elements(), node, slot + " has another width");
    call.bind(slot, layout).stride(slot, layout);
    return input + 1;
  }
}
