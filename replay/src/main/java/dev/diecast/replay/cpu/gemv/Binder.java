package dev.diecast.replay.cpu.gemv;

import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import java.util.List;

/** Builds the kernels of one weight type from their arguments. */
final class Binder {
  private final WeightFormat format;
  private final Bindings bindings;
  private final Arguments args;

  Binder(String kernel, WeightFormat format, Bindings bindings) {
    this.format = format;
    this.bindings = bindings;
    this.args = new Arguments(kernel, bindings);
  }

  BoundKernel embed() {
    StepTokens tokens = args.tokens();
    Weights weights = args.weights(format, "w", "n_vocab", "cols", "row_bytes");
    bindings.require("tokens", Extent.ofWords(tokens.max()).bytes());
    long yToken = args.stride("y_stride");
    long y = args.vectors("y", weights.matrix().cols(), tokens.max(), yToken);
    return new Embed(
        args.kernel(),
        format,
        weights.base(),
        weights.matrix(),
        bindings.address("tokens"),
        y,
        yToken,
        tokens);
  }

  BoundKernel gemv() {
    StepTokens tokens = args.tokens();
    int n = tokens.max();
    Weights weights = args.weights(format, "w", "rows", "cols", "row_bytes");
    int rows = weights.matrix().rows();
    int cols = weights.matrix().cols();
    long xToken = args.stride("x_stride");
    long yToken = args.stride("y_stride");
    long residualToken = args.stride("residual_stride");
    Vectors x = Vectors.plain(args.vectors("x", cols, n, xToken), xToken, 0, cols, tokens);
    Results results =
        new Results(
            args.vectors("y", rows, n, yToken),
            yToken,
            0,
            args.vectorIfBound("bias", rows),
            args.bound("residual") ? args.vectors("residual", rows, n, residualToken) : 0,
            residualToken,
            tokens);
    return one(x, new HeadGrouping(1, n), weights, results, tokens);
  }

  BoundKernel headGemv() {
    StepTokens tokens = args.tokens();
    int heads = args.positive("heads");
    Weights weights = heads(heads);
    Matrix matrix = weights.matrix();
    Vectors x = vectors(matrix.cols(), heads, "x_head_stride", tokens);
    Results results = results(matrix.rows(), heads, "y_head_stride", tokens);
    return one(x, new HeadGrouping(heads, tokens.max()), weights, results, tokens);
  }

  BoundKernel headGemvT() {
    StepTokens tokens = args.tokens();
    int heads = args.positive("heads");
    Weights weights = heads(heads);
    Matrix matrix = weights.matrix();
    Vectors x = vectors(matrix.rows(), heads, "x_head_stride", tokens);
    Results results = results(matrix.cols(), heads, "y_head_stride", tokens);
    return new HeadGemvT(weights, heads, x, results, tokens);
  }

  BoundKernel expertGemv() {
    StepTokens tokens = args.tokens();
    int experts = args.positive("n_expert");
    int used = args.positive("n_used");
    Weights weights = args.experts(format, "w", experts, "row_bytes", "expert_bytes");
    Matrix matrix = weights.matrix();
    Vectors x = vectors(matrix.cols(), used, "x_slot_stride", tokens);
    Results results = results(matrix.rows(), used, "y_slot_stride", tokens);
    return one(x, args.chosen(experts, used, tokens), weights, results, tokens);
  }

  private static BoundKernel one(
      Vectors x, Grouping grouping, Weights weights, Results results, StepTokens tokens) {
    return new Gemv(x, grouping, tokens, List.of(new Segment(weights, null, results)));
  }

  private Weights heads(int heads) {
    Matrix matrix = args.matrix(format.type(), "rows", "cols", "row_bytes");
    return args.weights(format, "w", matrix, heads, args.bytes("head_bytes"));
  }

  private Vectors vectors(int values, int slots, String slotStride, StepTokens tokens) {
    long token = args.stride("x_stride");
    long slot = args.stride(slotStride);
    long x = args.vectors("x", values, slots, slot, tokens.max(), token);
    return Vectors.plain(x, token, slot, values, tokens);
  }

  private Results results(int values, int slots, String slotStride, StepTokens tokens) {
    long token = args.stride("y_stride");
    long slot = args.stride(slotStride);
    long y = args.vectors("y", values, slots, slot, tokens.max(), token);
    return Results.plain(y, token, slot, tokens);
  }
}
