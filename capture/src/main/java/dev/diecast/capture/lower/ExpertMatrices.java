package dev.diecast.capture.lower;

import static dev.diecast.capture.lower.StepContext.require;

import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.plans.Dispatch.ExpertIndex;
import dev.diecast.plans.gguf.TensorInfo;

/**
 * One matrix per expert, at {@code span + id * stride}.
 *
 * @param weight the tensor that holds them
 * @param rows rows of a matrix
 * @param span from the first byte of the first to the last byte of the last
 * @param count experts
 * @param stride bytes from one matrix to the next
 * @param bytes bytes of a matrix
 */
record ExpertMatrices(TensorInfo weight, int rows, Span span, long count, long stride, long bytes) {

  /** The matrices of an operation that takes x to y; an error when they do not fit. */
  static ExpertMatrices of(Op.ExpertLinear op, Layout x, Layout y, Node node, StepContext step) {
    TensorInfo weight = op.weight();
    require(
        x.width() == weight.dim(0) && y.width() == op.rows(),
        node,
        weight.name() + " does not fit its operand and result");
    require(
        op.firstRow() >= 0 && op.rows() > 0 && op.firstRow() <= weight.dim(1) - op.rows(),
        node,
        "its rows lie outside an expert of " + weight.name());
    long count = weight.dim(2);
    long rowBytes = weight.rowBytes();
    long stride = Math.multiplyExact(rowBytes, weight.dim(1));
    long bytes = Math.multiplyExact(rowBytes, op.rows());
    long reach = Math.addExact(Math.multiplyExact(count - 1, stride), bytes);
    Span span = step.weights().span(weight, Math.multiplyExact(rowBytes, op.firstRow()), reach);
    return new ExpertMatrices(weight, op.rows(), span, count, stride, bytes);
  }

  long cols() {
    return weight.dim(0);
  }

  ExpertIndex index(int idsSlot) {
    return new ExpertIndex(idsSlot, count, stride, bytes);
  }

  /** Bytes that a dispatch reads at most which chooses that many experts. */
  long read(long chosen) {
    return Math.multiplyExact(bytes, Math.min(count, chosen));
  }

  /** Operations of that many products. */
  long flops(long products) {
    return LinearLowering.products(products, rows, cols());
  }
}
