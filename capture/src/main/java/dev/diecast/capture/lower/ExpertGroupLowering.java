package dev.diecast.capture.lower;

import static dev.diecast.capture.lower.StepContext.require;
import static dev.diecast.capture.lower.StepContext.row;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.plans.gguf.TensorInfo;

/** The chosen experts of a layer in two dispatches, what surrounds them included. */
final class ExpertGroupLowering {
  /** Operations of a silu and the product with it, per value. */
  private static final long GATE = 5;

  private ExpertGroupLowering() {}

  static Draft gateUp(FusedOp.ExpertGateUp op, Node node, StepContext step) {
    Layout x = row(step.input(node, 0), node);
    Layout ids = step.input(node, 1);
    Layout y = step.output(node);
    require(x.rows() == 1, node, "its operand is not one row");
    ExpertLowering.requireIds(ids, y.rows(), node);
    ExpertMatrices gate = ExpertMatrices.of(op.gate(), x, y, node, step);
    ExpertMatrices up = ExpertMatrices.of(op.up(), x, y, node, step);
    require(gate.count() == up.count(), node, "gate and up have not the same experts");
    long products = Math.multiplyExact(y.tokens(), (long) y.rows());
    KernelCall call =
        step.call("expert_gate_up", node)
            .bind("ids", ids)
            .bind("x", x)
            .bind("y", y)
            .arg("n_tokens", y.tokens())
            .arg("n_expert", gate.count())
            .arg("n_used", y.rows())
            .arg("rows", gate.rows())
            .arg("cols", gate.cols())
            .stride("x", x)
            .strides("y", "slot", y)
            .flops(GATE * y.elements() * y.tokens());
    experts("gate", gate, products, call, step);
    experts("up", up, products, call, step);
    ElementLowering.foldNorm(op.norm(), x, x.tokens(), call, step);
    return call.build();
  }

  static Draft down(FusedOp.ExpertDown op, Node node, StepContext step) {
    Layout x = step.input(node, 0);
    Layout ids = step.input(node, 1);
    Layout weights = row(step.input(node, 2), node);
    Layout y = row(step.output(node), node);
    require(y.rows() == 1, node, "its result is not one row");
    require(weights.elements() == x.rows(), node, "the weights are not one per slot");
    ExpertLowering.requireIds(ids, x.rows(), node);
    ExpertMatrices w = ExpertMatrices.of(op.down(), x, y, node, step);
    long products = Math.multiplyExact(y.tokens(), (long) x.rows());
    KernelCall call =
        step.call("expert_down", node)
            .bind("ids", ids)
            .bind("weights", weights)
            .bind("x", x)
            .bind("y", y)
            .arg("n_tokens", y.tokens())
            .arg("n_expert", w.count())
            .arg("n_used", x.rows())
            .arg("rows", w.rows())
            .arg("cols", w.cols())
            .strides("x", "slot", x)
            .stride("weights", weights)
            .stride("y", y)
            .flops(LinearLowering.products(y.tokens(), x.rows(), w.rows()));
    experts("w", w, products, call, step);
    int next = 3;
    if (op.shared().isEmpty()) {
      call.arg("shared_cols", 0).arg("shared_x_stride", 0).arg("shared_row_bytes", 0);
    } else {
      shared(op.shared().getFirst(), row(step.input(node, next), node), y, call, node, step);
      next++;
    }
    residual(op.residual(), next, y, call, node, step);
    return call.build();
  }

  private static void experts(
      String slot, ExpertMatrices matrices, long products, KernelCall call, StepContext step) {
    call.typed(slot, step.weights().requireRunnable(matrices.weight()))
        .experts(slot, matrices.span(), matrices.index(call.slot("ids")), matrices.read(products))
        .arg(slot + "_row_bytes", matrices.weight().rowBytes())
        .arg(slot + "_expert_bytes", matrices.stride())
        .flops(matrices.flops(products));
  }

  private static void shared(
      TensorInfo weight, Layout x, Layout y, KernelCall call, Node node, StepContext step) {
    require(
        x.elements() == weight.dim(0) && y.elements() == weight.dim(1) && weight.dim(2) == 1,
        node,
        weight.name() + " does not fit its operand and result");
    call.bind("shared_x", x)
        .matrix(
            "shared",
            step.weights().requireRunnable(weight),
            step.weights().span(weight),
            weight.bytes())
        .arg("shared_cols", weight.dim(0))
        .stride("shared_x", x)
        .arg("shared_row_bytes", weight.rowBytes())
        .flops(LinearLowering.products(y.tokens(), weight.dim(1), weight.dim(0)));
  }

  private static void residual(
      boolean present, int input, Layout y, KernelCall call, Node node, StepContext step) {
    if (!present) {
      call.arg("residual_stride", 0);
      return;
    }
    Layout residual = row(step.input(node, input), node);
    require(residual.elements() == y.elements(), node, "its residual has another width");
    call.bind("residual", residual).stride("residual", residual).flops(y.elements() * y.tokens());
  }
}
