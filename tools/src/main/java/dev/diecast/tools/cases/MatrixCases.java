package dev.diecast.tools.cases;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.plans.gguf.TensorType;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Kernels that read one matrix, each in every weight type. */
final class MatrixCases {
  /** Shortest row of types whose block is a single value. */
  private static final int LEAST_COLS = 32;

  private MatrixCases() {}

  static void addTo(Consumer<KernelCase> all) {
    for (String suffix : KernelCatalog.WEIGHT_TYPES) {
      TensorType type = TensorType.ofSuffix(suffix).orElseThrow();
      embed(type, all);
      gemv(type, all);
      heads(type, all);
      experts(type, all);
    }
  }

  /** The shortest row that a model could have. */
  static int unit(TensorType type) {
    return Math.max(LEAST_COLS, type.blockValues());
  }

  private static void embed(TensorType type, Consumer<KernelCase> all) {
    int unit = unit(type);
    all.accept(embed(type, 31, 2048, 1, 1, 0));
    all.accept(embed(type, 1, unit, 1, 1, 0));
    all.accept(embed(type, 9, 3 * unit, 5, 3, 3));
    all.accept(embed(type, 9, unit, 2, 0, 0));
  }

  private static KernelCase embed(
      TensorType type, int vocab, int cols, int tokens, int active, int pad) {
    return CaseBuilder.of("embed_" + type.suffix(), shape(vocab, cols, tokens, active))
        .weights("w", type, vocab, cols)
        .ints("tokens", IntStream.range(0, tokens).map(t -> (vocab - 1) * (t + 1) % vocab))
        .results("y", (long) tokens * (cols + pad))
        .tokens(tokens, active)
        .arg("n_vocab", vocab)
        .arg("cols", cols)
        .arg("y_stride", cols + pad)
        .arg("row_bytes", type.rowBytes(cols))
        .build();
  }

  private static void gemv(TensorType type, Consumer<KernelCase> all) {
    int unit = unit(type);
    all.accept(gemv(type, 35, 2048, 1, 1, Extras.NONE).build());
    all.accept(gemv(type, 1, unit, 1, 1, Extras.NONE).build());
    all.accept(gemv(type, 13, 3 * unit, 1, 1, Extras.ADDED).build());
    all.accept(gemv(type, 8, 5 * unit, 1, 1, Extras.IN_PLACE).build());
    all.accept(gemv(type, 37, 3 * unit, 5, 3, Extras.ADDED).build());
    all.accept(gemv(type, 70, unit, 33, 33, Extras.IN_PLACE).build());
    all.accept(gemv(type, 5, unit, 3, 0, Extras.NONE).build());
    all.accept(gemv(type, 4096, 4096, 1, 1, Extras.NONE).timed().build());
  }

  /** What is added to a product. */
  private enum Extras {
    NONE,
    ADDED,
    IN_PLACE
  }

  private static CaseBuilder gemv(
      TensorType type, int rows, int cols, int tokens, int active, Extras extras) {
    String added =
        switch (extras) {
          case NONE -> "";
          case ADDED -> ", bias and residual";
          case IN_PLACE -> ", onto itself";
        };
    int xStride = tokens == 1 ? cols : cols + 4;
    int yStride = rows + (tokens == 1 ? 0 : 3);
    CaseBuilder builder =
        CaseBuilder.of("gemv_" + type.suffix(), shape(rows, cols, tokens, active) + added)
            .weights("w", type, rows, cols)
            .floats("x", (long) tokens * xStride)
            .tokens(tokens, active)
            .arg("rows", rows)
            .arg("cols", cols)
            .arg("x_stride", xStride)
            .arg("y_stride", yStride)
            .arg("residual_stride", extras == Extras.ADDED ? rows + 1 : yStride)
            .arg("row_bytes", type.rowBytes(cols));
    return switch (extras) {
      case NONE -> builder.results("y", (long) tokens * yStride);
      case ADDED ->
          builder
              .results("y", (long) tokens * yStride)
              .floats("bias", rows)
              .floats("residual", (long) tokens * (rows + 1));
      case IN_PLACE -> builder.floats("y", (long) tokens * yStride).same("residual", "y");
    };
  }

  private static void heads(TensorType type, Consumer<KernelCase> all) {
    int unit = unit(type);
    for (boolean transposed : List.of(false, true)) {
      all.accept(heads(type, transposed, 3, 40, 512, 1, 1).build());
      all.accept(heads(type, transposed, 1, 1, unit, 1, 1).build());
      all.accept(heads(type, transposed, 2, 11, unit, 4, 3).build());
      all.accept(heads(type, transposed, 2, 5, unit, 2, 0).build());
      all.accept(heads(type, transposed, 20, 256, 512, 1, 1).timed().build());
    }
  }

  private static CaseBuilder heads(
      TensorType type, boolean transposed, int heads, int rows, int cols, int tokens, int active) {
    int in = transposed ? rows : cols;
    int out = transposed ? cols : rows;
    int inStride = tokens == 1 ? in : in + 4;
    int outStride = tokens == 1 ? out : out + 1;
    String kernel = transposed ? "head_gemv_t_" : "head_gemv_";
    return CaseBuilder.of(
            kernel + type.suffix(), heads + " heads of " + shape(rows, cols, tokens, active))
        .weights("w", type, (long) heads * rows, cols)
        .floats("x", (long) tokens * heads * inStride)
        .results("y", (long) tokens * heads * outStride)
        .tokens(tokens, active)
        .arg("heads", heads)
        .arg("rows", rows)
        .arg("cols", cols)
        .arg("x_stride", heads * inStride)
        .arg("x_head_stride", inStride)
        .arg("y_stride", heads * outStride)
        .arg("y_head_stride", outStride)
        .arg("row_bytes", type.rowBytes(cols))
        .arg("head_bytes", rows * type.rowBytes(cols));
  }

  private static void experts(TensorType type, Consumer<KernelCase> all) {
    int unit = unit(type);
    all.accept(experts(type, 6, 4, 19, 2048, 1, 1, true).build());
    all.accept(experts(type, 3, 2, 1, unit, 1, 1, false).build());
    all.accept(experts(type, 7, 3, 10, 2 * unit, 6, 4, true).build());
    all.accept(experts(type, 7, 3, 10, unit, 6, 6, false).build());
    all.accept(experts(type, 16, 4, 1536, 2048, 1, 1, true).timed().build());
  }

  private static CaseBuilder experts(
      TensorType type,
      int experts,
      int used,
      int rows,
      int cols,
      int tokens,
      int active,
      boolean shared) {
    int slot = cols + 4;
    String name =
        "%d of %d experts of %s, %s"
            .formatted(
                used,
                experts,
                shape(rows, cols, tokens, active),
                shared ? "one input" : "input per slot");
    return CaseBuilder.of("expert_gemv_" + type.suffix(), name)
        .weights("w", type, (long) experts * rows, cols)
        .ints("ids", ids(tokens, used, experts))
        .floats("x", (long) tokens * (shared ? slot : used * slot))
        .results("y", (long) tokens * used * rows)
        .tokens(tokens, active)
        .arg("n_expert", experts)
        .arg("n_used", used)
        .arg("rows", rows)
        .arg("cols", cols)
        .arg("x_stride", shared ? slot : used * slot)
        .arg("x_slot_stride", shared ? 0 : slot)
        .arg("y_stride", used * rows)
        .arg("y_slot_stride", rows)
        .arg("row_bytes", type.rowBytes(cols))
        .arg("expert_bytes", rows * type.rowBytes(cols));
  }

  /** Distinct experts for each token, the last one among them; tokens share some. */
  static IntStream ids(int tokens, int used, int experts) {
    return IntStream.range(0, tokens * used)
        .map(i -> Math.floorMod(experts - 1 + (i / used) * 2 - i % used, experts));
  }

  static String shape(int rows, int cols, int tokens, int active) {
    String matrix = rows + "x" + cols;
    return tokens == 1 ? matrix : "%s, %d of %d tokens".formatted(matrix, active, tokens);
  }
}
