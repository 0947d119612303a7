package dev.diecast.capture.lower;

import static dev.diecast.capture.lower.StepContext.require;
import static dev.diecast.capture.lower.StepContext.row;

import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.List;

/** Embedding rows and matrix products with weights that every token uses. */
final class LinearLowering {
  private LinearLowering() {}

  static Draft embed(Op.Embed op, Node node, StepContext step) {
    TensorInfo table = op.table();
    Layout y = row(step.output(node), node);
    require(y.elements() == table.dim(0), node, "its result is not as wide as the table");
    long rowBytes = table.rowBytes();
    return step.call(step.weights().kernel("embed", table), node)
        .weights("w", step.weights().span(table), Math.multiplyExact(rowBytes, y.tokens()))
        .bind("tokens", step.tokenIds(), step.tokenIds().bytes())
        .bind("y", y)
        .arg("n_tokens", y.tokens())
        .arg("n_vocab", table.dim(1))
        .arg("cols", table.dim(0))
        .stride("y", y)
        .arg("row_bytes", rowBytes)
        .build();
  }

  static Draft linear(
      TensorInfo weight, List<TensorInfo> bias, boolean residual, Node node, StepContext step) {
    Layout x = row(step.input(node, 0), node);
    Layout y = row(step.output(node), node);
    long cols = weight.dim(0);
    long rows = weight.dim(1);
    require(
        x.rows() == 1 && x.width() == cols && y.elements() == rows,
        node,
        weight.name() + " is " + cols + " x " + rows + ", its operand and result are not");
    KernelCall call =
        step.call(step.weights().kernel("gemv", weight), node)
            .weights("w", step.weights().span(weight), weight.bytes())
            .bind("x", x)
            .bind("y", y)
            .arg("n_tokens", y.tokens())
            .arg("rows", rows)
            .arg("cols", cols)
            .stride("x", x)
            .stride("y", y)
            .arg("row_bytes", weight.rowBytes())
            .flops(products(y.tokens(), rows, cols));
    for (TensorInfo vector : bias) {
      step.weights().requireVector(vector, rows);
      call.weights("bias", step.weights().span(vector), vector.bytes());
    }
    if (residual) {
      Layout r = row(step.input(node, 1), node);
      require(r.elements() == rows, node, "its residual is not as wide as the result");
      call.bind("residual", r).stride("residual", r);
    } else {
      call.arg("residual_stride", 0);
    }
    return call.build();
  }

  static Draft perHead(Op.HeadLinear op, Node node, StepContext step) {
    TensorInfo weight = op.weight();
    Layout x = step.input(node, 0);
    Layout y = step.output(node);
    HeadMatrices w = HeadMatrices.of(op, x.rows(), node, step);
    require(
        x.width() == w.in() && y.width() == w.out() && y.rows() == w.heads(),
        node,
        weight.name() + " does not fit its operand and result");
    String family = op.transposed() ? "head_gemv_t" : "head_gemv";
    return step.call(step.weights().kernel(family, weight), node)
        .weights("w", w.span(), w.read())
        .bind("x", x)
        .bind("y", y)
        .arg("n_tokens", y.tokens())
        .arg("heads", w.heads())
        .arg("rows", op.rows())
        .arg("cols", op.cols())
        .strides("x", "head", x)
        .strides("y", "head", y)
        .arg("row_bytes", weight.rowBytes())
        .arg("head_bytes", w.headBytes())
        .flops(w.flops(y.tokens()))
        .build();
  }

  /** Operations of matrix-vector products, a multiply-add counted as two. */
  static long products(long count, long rows, long cols) {
    return Math.multiplyExact(Math.multiplyExact(2 * count, rows), cols);
  }
}
