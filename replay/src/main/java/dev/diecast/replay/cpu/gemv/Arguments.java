package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.StepState;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Bindings;

/**
 * The arguments of one dispatch, checked together with the ranges that they span: whatever a plan
 * says, no kernel reads or writes outside what it binds.
 *
 * @param kernel name for error messages
 */
record Arguments(String kernel, Bindings bindings) {
  /** The step's tokens, all of them computed. */
  StepTokens tokens() {
    return tokens(false);
  }

  /** The step's tokens. */
  StepTokens tokens(boolean lastOnly) {
    bindings.require("step", StepState.BYTES);
    return new StepTokens(positive("n_tokens"), lastOnly, bindings.address("step"));
  }

  /** The matrix of a slot. */
  Weights weights(WeightFormat format, String slot, String rows, String cols, String rowBytes) {
    return weights(format, slot, matrix(format.type(), rows, cols, rowBytes), 1, 0);
  }

  /** The matrices of a slot, {@code stride} bytes apart. */
  Weights weights(WeightFormat format, String slot, Matrix matrix, int count, long stride) {
    bindings.require(slot, span(format.type(), matrix).repeated(count, stride).bytes());
    return new Weights(format, matrix, bindings.address(slot), stride);
  }

  /** The experts' matrices of a slot, whose stride is an argument. */
  Weights experts(
      WeightFormat format, String slot, int experts, String rowBytes, String expertBytes) {
    Matrix matrix = matrix(format.type(), "rows", "cols", rowBytes);
    long stride = bytes(expertBytes);
    long least = span(format.type(), matrix).bytes();
    if (stride < least) {
      throw bad(expertBytes, stride, "less than an expert's " + least);
    }
    return weights(format, slot, matrix, experts, stride);
  }

  /** A shape, whose rows are whole blocks. */
  Matrix matrix(TensorType type, String rowsName, String colsName, String rowBytesName) {
    int rows = positive(rowsName);
    int cols = positive(colsName);
    if (cols % type.blockValues() != 0) {
      throw bad(colsName, cols, "not whole " + type + " blocks of " + type.blockValues());
    }
    long rowBytes = bytes(rowBytesName);
    if (rowBytes < type.rowBytes(cols)) {
      throw bad(rowBytesName, rowBytes, "less than a row's " + type.rowBytes(cols));
    }
    return new Matrix(rows, cols, rows == 1 ? type.rowBytes(cols) : rowBytes);
  }

  private static Extent span(TensorType type, Matrix matrix) {
    return Extent.of(type.rowBytes(matrix.cols())).repeated(matrix.rows(), matrix.rowBytes());
  }

  /** Which experts the tokens chose. */
  ExpertGrouping chosen(int experts, int used, StepTokens tokens) {
    bindings.require("ids", Extent.ofWords(used).repeated(tokens.max(), 4L * used).bytes());
    int pairs = Math.multiplyExact(tokens.max(), used);
    return new ExpertGrouping(kernel, experts, bindings.address("ids"), used, tokens.max(), pairs);
  }

  /** Address of a slot with one vector per token and slot of it. */
  long vectors(String slot, int values, int slots, long slotBytes, int tokens, long tokenBytes) {
    Extent extent = Extent.ofWords(values).repeated(slots, slotBytes).repeated(tokens, tokenBytes);
    bindings.require(slot, extent.bytes());
    return bindings.address(slot);
  }

  /** Address of a slot with one vector per token. */
  long vectors(String slot, int values, int tokens, long tokenBytes) {
    return vectors(slot, values, 1, 0, tokens, tokenBytes);
  }

  /** Address of an optional slot with one vector; 0 when it is not bound. */
  long vectorIfBound(String slot, int values) {
    return bound(slot) ? vectors(slot, values, 1, 0) : 0;
  }

  /** Whether an optional slot is bound. */
  boolean bound(String slot) {
    return bindings.address(slot) != 0;
  }

  /** A count. */
  int positive(String name) {
    int value = bindings.args().i32(name);
    if (value <= 0) {
      throw bad(name, value, "not positive");
    }
    return value;
  }

  /** A stride in float32 elements, as bytes. */
  long stride(String name) {
    int value = bindings.args().i32(name);
    if (value < 0) {
      throw bad(name, value, "negative");
    }
    return 4L * value;
  }

  /** A distance in bytes. */
  long bytes(String name) {
    long value = bindings.args().i64(name);
    if (value < 0) {
      throw bad(name, value, "negative");
    }
    return value;
  }

  /** Refuses an argument or a constant. */
  PlanException bad(String name, long value, String why) {
    return new PlanException(kernel + ": " + name + " is " + value + ", " + why);
  }
}
