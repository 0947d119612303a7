package dev.diecast.tools.cases;

import static dev.diecast.plans.gguf.TensorType.BF16;
import static dev.diecast.plans.gguf.TensorType.F16;
import static dev.diecast.plans.gguf.TensorType.F32;
import static dev.diecast.plans.gguf.TensorType.Q4_0;
import static dev.diecast.plans.gguf.TensorType.Q4_1;
import static dev.diecast.plans.gguf.TensorType.Q4_K;
import static dev.diecast.plans.gguf.TensorType.Q5_0;
import static dev.diecast.plans.gguf.TensorType.Q5_1;
import static dev.diecast.plans.gguf.TensorType.Q5_K;
import static dev.diecast.plans.gguf.TensorType.Q6_K;
import static dev.diecast.plans.gguf.TensorType.Q8_0;

import dev.diecast.plans.gguf.TensorType;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code linears}: joined matrices, some gated, some with what is added to them. */
final class LinearsCases {
  private static final float EPS = 1e-5f;

  private LinearsCases() {}

  /**
   * One segment.
   *
   * @param up type of the matrix that is gated, or null
   * @param onto whether y is its own residual
   */
  private record Part(
      TensorType type, @Nullable TensorType up, int rows, boolean bias, boolean onto) {
    static Part plain(TensorType type, int rows) {
      return new Part(type, null, rows, false, false);
    }

    static Part biased(TensorType type, int rows) {
      return new Part(type, null, rows, true, false);
    }

    static Part onto(TensorType type, int rows) {
      return new Part(type, null, rows, false, true);
    }

    static Part gated(TensorType gate, TensorType up, int rows) {
      return new Part(gate, up, rows, false, false);
    }

    @Override
    public String toString() {
      return rows
          + " "
          + type.suffix()
          + (up == null ? "" : " gating " + up.suffix())
          + (bias ? " + bias" : "")
          + (onto ? " + itself" : "");
    }
  }

  /** How the tokens come. */
  private record Step(int tokens, int active, boolean lastOnly) {
    static final Step ONE = new Step(1, 1, false);

    @Override
    public String toString() {
      return lastOnly
          ? "last of %d in %d".formatted(active, tokens)
          : tokens == 1 ? "1 token" : "%d of %d tokens".formatted(active, tokens);
    }
  }

  static void addTo(Consumer<KernelCase> all) {
    for (TensorType type :
        List.of(F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K)) {
      all.accept(of(2048, true, Step.ONE, Part.plain(type, 21)).build());
      all.accept(of(512, true, new Step(3, 2, false), Part.gated(type, type, 11)).build());
    }
    // Projections of real models.
    all.accept(
        of(896, true, Step.ONE, Part.biased(Q4_0, 28), Part.biased(Q4_0, 4), Part.biased(Q8_0, 4))
            .build());
    all.accept(
        of(2048, true, Step.ONE, Part.plain(Q4_K, 32), Part.plain(Q4_K, 8), Part.plain(Q6_K, 8))
            .build());
    all.accept(of(2048, true, Step.ONE, Part.gated(Q4_0, Q4_0, 45)).build());
    all.accept(of(5632, false, Step.ONE, Part.onto(Q4_0, 18)).build());
    all.accept(of(2048, true, Step.ONE, Part.plain(F32, 64), Part.gated(Q5_0, Q5_0, 24)).build());
    all.accept(of(2048, true, new Step(7, 5, true), Part.plain(Q6_K, 50)).build());
    // Awkward ones.
    all.accept(of(32, false, Step.ONE, Part.plain(Q4_0, 1)).build());
    all.accept(of(96, true, Step.ONE, Part.biased(Q5_1, 33), Part.onto(Q4_1, 5)).build());
    all.accept(
        of(
                768,
                true,
                Step.ONE,
                Part.plain(Q8_0, 3),
                Part.onto(Q5_K, 9),
                Part.gated(BF16, F16, 5),
                Part.biased(F32, 1))
            .build());
    Part[] mixed = {Part.biased(Q4_0, 11), Part.gated(Q8_0, F16, 6), Part.onto(F32, 7)};
    all.accept(of(160, true, new Step(5, 3, false), mixed).build());
    all.accept(of(160, true, new Step(17, 17, false), mixed).build());
    all.accept(of(160, true, new Step(4, 0, false), mixed).build());
    all.accept(of(160, true, new Step(4, 9, true), Part.plain(Q4_0, 10)).build());
    all.accept(of(160, true, new Step(4, 0, true), Part.plain(Q4_0, 10)).build());
    all.accept(
        of(
                4096,
                true,
                Step.ONE,
                Part.plain(Q4_0, 4096),
                Part.plain(Q4_0, 1024),
                Part.plain(Q4_0, 1024))
            .timed()
            .build());
    all.accept(of(4096, true, Step.ONE, Part.gated(Q4_0, Q4_0, 8192)).timed().build());
    all.accept(of(2048, true, Step.ONE, Part.gated(Q4_K, Q4_K, 8192)).timed().build());
    all.accept(of(8192, false, Step.ONE, Part.onto(Q6_K, 2048)).timed().build());
  }

  private static CaseBuilder of(int cols, boolean norm, Step step, Part... parts) {
    String joined = List.of(parts).stream().map(Part::toString).collect(Collectors.joining(", "));
    String name = "%d columns%s, %s: %s".formatted(cols, norm ? " normed" : "", step, joined);
    int xStride = step.tokens() == 1 ? cols : cols + 4;
    CaseBuilder builder =
        CaseBuilder.of("linears", name)
            .floats("x", (long) step.tokens() * xStride)
            .tokens(step.tokens(), step.active())
            .arg("cols", cols)
            .arg("x_stride", xStride)
            .arg("last_only", step.lastOnly() ? 1 : 0)
            .arg("eps", EPS);
    if (norm) {
      builder.norm("norm", cols);
    }
    for (int i = 0; i < parts.length; i++) {
      bind(builder, i, parts[i], cols, step.lastOnly() ? 1 : step.tokens());
    }
    return builder;
  }

  private static void bind(CaseBuilder builder, int i, Part part, int cols, int rowsOfY) {
    int stride = part.rows() + (rowsOfY == 1 ? 0 : 3);
    builder
        .weights("w_" + i, part.type(), part.rows(), cols)
        .arg("rows_" + i, part.rows())
        .arg("y_" + i + "_stride", stride)
        .arg("residual_" + i + "_stride", stride)
        .arg("w_" + i + "_row_bytes", part.type().rowBytes(cols));
    if (part.up() != null) {
      builder
          .weights("up_" + i, part.up(), part.rows(), cols)
          .arg("up_" + i + "_row_bytes", part.up().rowBytes(cols));
    }
    if (part.bias()) {
      builder.floats("bias_" + i, part.rows());
    }
    if (part.onto()) {
      builder.floats("y_" + i, (long) rowsOfY * stride).same("residual_" + i, "y_" + i);
    } else {
      builder.results("y_" + i, (long) rowsOfY * stride);
    }
  }
}
