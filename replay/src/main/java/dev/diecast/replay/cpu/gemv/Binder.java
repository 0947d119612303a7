package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.StepState;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;

/** Reads the arguments of a dispatch, checks them and every range, and builds the kernel. */
final class Binder {
  private final String kernel;
  private final WeightFormat format;
  private final Bindings bindings;

  Binder(String kernel, WeightFormat format, Bindings bindings) {
    this.kernel = kernel;
    this.format = format;
    this.bindings = bindings;
  }

  BoundKernel embed() {
    StepTokens tokens = tokens();
    Matrix matrix = matrix("n_vocab");
    bindings.require("w", span(matrix).bytes());
    bindings.require("tokens", Extent.ofWords(tokens.max()).bytes());
    long yToken = stride("y_stride");
    bindings.require("y", Extent.ofWords(matrix.cols()).repeated(tokens.max(), yToken).bytes());
    return new Embed(
        kernel,
        format,
        bindings.address("w"),
        matrix,
        bindings.address("tokens"),
        bindings.address("y"),
        yToken,
        tokens);
  }

  BoundKernel gemv() {
    StepTokens tokens = tokens();
    Matrix matrix = matrix("rows");
    bindings.require("w", span(matrix).bytes());
    Operands operands =
        new Operands(
            bindings.address("x"),
            stride("x_stride"),
            0,
            bindings.address("y"),
            stride("y_stride"),
            0,
            bindings.address("bias"),
            bindings.address("residual"),
            stride("residual_stride"));
    int n = tokens.max();
    bindings.require("x", Extent.ofWords(matrix.cols()).repeated(n, operands.xToken()).bytes());
    bindings.require("y", Extent.ofWords(matrix.rows()).repeated(n, operands.yToken()).bytes());
    if (operands.bias() != 0) {
      bindings.require("bias", Extent.ofWords(matrix.rows()).bytes());
    }
    if (operands.residual() != 0) {
      bindings.require(
          "residual", Extent.ofWords(matrix.rows()).repeated(n, operands.residualToken()).bytes());
    }
    return new Gemv(
        format, matrix, operands, new HeadGrouping(bindings.address("w"), 1, 0, n), tokens);
  }

  BoundKernel headGemv() {
    StepTokens tokens = tokens();
    Matrix matrix = matrix("rows");
    HeadGrouping heads = heads(matrix, tokens);
    Operands operands = slotted("x_head_stride", "y_head_stride");
    requireSlots(operands, tokens.max(), heads.heads(), matrix.cols(), matrix.rows());
    return new Gemv(format, matrix, operands, heads, tokens);
  }

  BoundKernel headGemvT() {
    StepTokens tokens = tokens();
    Matrix matrix = matrix("rows");
    HeadGrouping heads = heads(matrix, tokens);
    Operands operands = slotted("x_head_stride", "y_head_stride");
    requireSlots(operands, tokens.max(), heads.heads(), matrix.rows(), matrix.cols());
    return new HeadGemvT(format, matrix, operands, heads, tokens);
  }

  BoundKernel expertGemv() {
    StepTokens tokens = tokens();
    Matrix matrix = matrix("rows");
    int experts = positive("n_expert");
    int used = positive("n_used");
    long expertBytes = bytes("expert_bytes");
    if (expertBytes < span(matrix).bytes()) {
      throw bad("expert_bytes", expertBytes, "less than an expert's " + span(matrix).bytes());
    }
    bindings.require("w", span(matrix).repeated(experts, expertBytes).bytes());
    bindings.require("ids", Extent.ofWords(used).repeated(tokens.max(), 4L * used).bytes());
    Operands operands = slotted("x_slot_stride", "y_slot_stride");
    requireSlots(operands, tokens.max(), used, matrix.cols(), matrix.rows());
    Grouping grouping =
        new ExpertGrouping(
            kernel,
            bindings.address("w"),
            expertBytes,
            experts,
            bindings.address("ids"),
            used,
            tokens.max());
    return new Gemv(format, matrix, operands, grouping, tokens);
  }

  private StepTokens tokens() {
    bindings.require("step", StepState.BYTES);
    return new StepTokens(positive("n_tokens"), bindings.address("step"));
  }

  private Matrix matrix(String rowsName) {
    int rows = positive(rowsName);
    int cols = positive("cols");
    TensorType type = format.type();
    if (cols % type.blockValues() != 0) {
      throw bad("cols", cols, "not whole " + type + " blocks of " + type.blockValues());
    }
    long rowBytes = bytes("row_bytes");
    if (rowBytes < type.rowBytes(cols)) {
      throw bad("row_bytes", rowBytes, "less than a row's " + type.rowBytes(cols));
    }
    return new Matrix(rows, cols, rows == 1 ? type.rowBytes(cols) : rowBytes);
  }

  private HeadGrouping heads(Matrix matrix, StepTokens tokens) {
    int heads = positive("heads");
    long headBytes = bytes("head_bytes");
    bindings.require("w", span(matrix).repeated(heads, headBytes).bytes());
    return new HeadGrouping(bindings.address("w"), heads, headBytes, tokens.max());
  }

  private Operands slotted(String xSlot, String ySlot) {
    return new Operands(
        bindings.address("x"),
        stride("x_stride"),
        stride(xSlot),
        bindings.address("y"),
        stride("y_stride"),
        stride(ySlot),
        0,
        0,
        0);
  }

  private void requireSlots(Operands operands, int tokens, int slots, int xValues, int yValues) {
    bindings.require(
        "x",
        Extent.ofWords(xValues)
            .repeated(slots, operands.xSlot())
            .repeated(tokens, operands.xToken())
            .bytes());
    bindings.require(
        "y",
        Extent.ofWords(yValues)
            .repeated(slots, operands.ySlot())
            .repeated(tokens, operands.yToken())
            .bytes());
  }

  private Extent span(Matrix matrix) {
    return Extent.of(format.type().rowBytes(matrix.cols()))
        .repeated(matrix.rows(), matrix.rowBytes());
  }

  private int positive(String name) {
    int value = bindings.args().i32(name);
    if (value <= 0) {
      throw bad(name, value, "not positive");
    }
    return value;
  }

  /** A stride in float32 elements, as bytes. */
  private long stride(String name) {
    int value = bindings.args().i32(name);
    if (value < 0) {
      throw bad(name, value, "negative");
    }
    return 4L * value;
  }

  private long bytes(String name) {
    long value = bindings.args().i64(name);
    if (value < 0) {
      throw bad(name, value, "negative");
    }
    return value;
  }

  private PlanException bad(String name, long value, String why) {
    return new PlanException(kernel + ": " + name + " is " + value + ", " + why);
  }
}
