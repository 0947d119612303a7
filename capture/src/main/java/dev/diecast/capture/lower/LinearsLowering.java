package dev.diecast.capture.lower;

import static dev.diecast.capture.lower.StepContext.require;
import static dev.diecast.capture.lower.StepContext.row;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Node;
import dev.diecast.plans.gguf.TensorInfo;

/** Several linears of one operand in one dispatch. */
final class LinearsLowering {
  /** Operations of a silu and the product with it, per value. */
  private static final long GATE = 5;

  private final FusedOp.Linears op;
  private final Node node;
  private final StepContext step;
  private final Layout x;
  private final KernelCall call;

  private LinearsLowering(FusedOp.Linears op, Node node, StepContext step) {
    this.op = op;
    this.node = node;
    this.step = step;
    this.x = row(step.input(node, 0), node);
    this.call = step.call("linears", node);
  }

  static Draft lower(FusedOp.Linears op, Node node, StepContext step) {
    return new LinearsLowering(op, node, step).lower();
  }

  private Draft lower() {
    int count = op.segments().size();
    require(
        count >= 1 && count <= FusedOp.Linears.MOST && node.outputs().size() == count,
        node,
        count + " linears with " + node.outputs().size() + " results cannot be one dispatch");
    require(x.rows() == 1, node, "its operand is not one row");
    int tokens = op.lastOnly() ? 1 : x.tokens();
    call.bind("x", x.span(), Math.multiplyExact(x.elements() * Layout.ELEMENT, tokens))
        .arg("n_tokens", x.tokens())
        .arg("cols", x.width())
        .stride("x", x)
        .arg("last_only", op.lastOnly() ? 1 : 0);
    ElementLowering.foldNorm(op.norm(), x, tokens, call, step);
    int residual = 1;
    for (int i = 0; i < count; i++) {
      FusedOp.Segment segment = op.segments().get(i);
      segment(i, segment, residual);
      residual += segment.residual() ? 1 : 0;
    }
    for (int i = count; i < FusedOp.Linears.MOST; i++) {
      call.arg("rows_" + i, 0).arg("y_" + i + "_stride", 0).arg("w_" + i + "_row_bytes", 0);
      withoutUp(i);
      withoutResidual(i);
    }
    return call.build();
  }

  private void segment(int i, FusedOp.Segment segment, int residual) {
    TensorInfo weight = segment.weight();
    Layout y = row(step.at(node.outputs().get(i)), node);
    require(
        y.elements() == weight.dim(1) && y.tokens() == (op.lastOnly() ? 1 : x.tokens()),
        node,
        "result " + i + " is not what " + weight.name() + " gives");
    matrix("w_" + i, weight, y);
    call.bind("y_" + i, y).arg("rows_" + i, weight.dim(1)).stride("y_" + i, y);
    withoutUp(i);
    for (TensorInfo up : segment.up()) {
      require(
          up.shape().equals(weight.shape()) && segment.bias().isEmpty() && !segment.residual(),
          node,
          weight.name() + " and " + up.name() + " are no gate and up");
      matrix("up_" + i, up, y);
      call.flops(GATE * y.elements() * y.tokens());
    }
    for (TensorInfo bias : segment.bias()) {
      step.weights().requireVector(bias, y.elements());
      call.weights("bias_" + i, step.weights().span(bias), bias.bytes())
          .flops(y.elements() * y.tokens());
    }
    if (segment.residual()) {
      residual(i, y, row(step.input(node, residual), node));
    } else {
      withoutResidual(i);
    }
  }

  private void matrix(String slot, TensorInfo weight, Layout y) {
    require(
        weight.dim(0) == x.width() && weight.dim(2) == 1,
        node,
        weight.name() + " is " + weight.shape() + ", its operand has " + x.width() + " values");
    call.matrix(
            slot,
            step.weights().requireRunnable(weight),
            step.weights().span(weight),
            weight.bytes())
        .arg(slot + "_row_bytes", weight.rowBytes())
        .flops(LinearLowering.products(y.tokens(), weight.dim(1), weight.dim(0)));
  }

  private void residual(int i, Layout y, Layout residual) {
    require(!op.lastOnly(), node, "the last token alone takes no residual");
    require(
        residual.elements() == y.elements() && residual.tokens() == y.tokens(),
        node,
        "residual " + i + " has another shape than the result");
    call.bind("residual_" + i, residual)
        .stride("residual_" + i, residual)
        .flops(y.elements() * y.tokens());
  }

  private void withoutUp(int i) {
    call.arg("up_" + i + "_row_bytes", 0);
  }

  private void withoutResidual(int i) {
    call.arg("residual_" + i + "_stride", 0);
  }
}
