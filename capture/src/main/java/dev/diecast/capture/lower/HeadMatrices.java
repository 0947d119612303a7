package dev.diecast.capture.lower;

import static dev.diecast.capture.lower.StepContext.require;

import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.plans.gguf.TensorInfo;

/**
 * One matrix per head, at {@code span + head * headBytes}.
 *
 * @param op what is computed with them
 * @param heads how many
 * @param span from the first byte of the first to the last byte of the last
 * @param headBytes bytes from one matrix to the next
 * @param read bytes of all rows in use
 */
record HeadMatrices(Op.HeadLinear op, int heads, Span span, long headBytes, long read) {

  /** The matrices of an operation; an error when they lie outside their tensor. */
  static HeadMatrices of(Op.HeadLinear op, int heads, Node node, StepContext step) {
    TensorInfo weight = op.weight();
    require(weight.dim(0) == op.cols(), node, weight.name() + " has rows of another length");
    require(
        op.firstRow() >= 0 && op.rows() > 0 && op.firstRow() <= op.rowsPerHead() - op.rows(),
        node,
        "its rows lie outside a head of " + weight.name());
    long rowBytes = weight.rowBytes();
    long headBytes = Math.multiplyExact(rowBytes, op.rowsPerHead());
    long used = Math.multiplyExact(rowBytes, op.rows());
    long reach = Math.addExact(Math.multiplyExact(headBytes, heads - 1L), used);
    Span span = step.weights().span(weight, Math.multiplyExact(rowBytes, op.firstRow()), reach);
    return new HeadMatrices(op, heads, span, headBytes, Math.multiplyExact(used, heads));
  }

  /** Values that a head's matrix takes. */
  int in() {
    return op.transposed() ? op.rows() : op.cols();
  }

  /** Values that a head's matrix gives. */
  int out() {
    return op.transposed() ? op.cols() : op.rows();
  }

  /** Operations for that many tokens. */
  long flops(int tokens) {
    return LinearLowering.products(Math.multiplyExact(tokens, heads), op.rows(), op.cols());
  }
}
