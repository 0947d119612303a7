package dev.diecast.tools.cases;

import static dev.diecast.plans.gguf.TensorType.F16;
import static dev.diecast.plans.gguf.TensorType.Q4_0;
import static dev.diecast.plans.gguf.TensorType.Q4_1;
import static dev.diecast.plans.gguf.TensorType.Q4_K;
import static dev.diecast.plans.gguf.TensorType.Q5_0;
import static dev.diecast.plans.gguf.TensorType.Q5_1;
import static dev.diecast.plans.gguf.TensorType.Q5_K;
import static dev.diecast.plans.gguf.TensorType.Q6_K;
import static dev.diecast.plans.gguf.TensorType.Q8_0;

import dev.diecast.plans.gguf.TensorType;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The two halves of a mixture of experts, and its plain sum. */
final class ExpertCases {
  private static final float EPS = 1e-6f;

  private ExpertCases() {}

  /** Sizes of a mixture: experts, chosen ones, tokens of a dispatch and of the step. */
  private record Mixture(int experts, int used, int tokens, int active) {
    String name(int rows, int cols) {
      return "%d of %d experts of %s"
          .formatted(used, experts, MatrixCases.shape(rows, cols, tokens, active));
    }
  }

  static void addTo(Consumer<KernelCase> all) {
    var one = new Mixture(5, 3, 1, 1);
    var chunk = new Mixture(7, 3, 6, 4);
    all.accept(gateUp(new Mixture(6, 4, 1, 1), Q4_0, Q4_0, 17, 2048, true).build());
    all.accept(gateUp(one, Q4_K, Q4_K, 12, 2048, true).build());
    all.accept(gateUp(one, Q5_0, Q8_0, 1, 32, false).build());
    all.accept(gateUp(one, F16, Q5_1, 9, 96, true).build());
    all.accept(gateUp(chunk, Q4_1, Q4_0, 10, 160, true).build());
    all.accept(gateUp(chunk, Q6_K, Q5_K, 7, 256, false).build());
    all.accept(gateUp(new Mixture(4, 2, 3, 0), Q4_0, Q4_0, 7, 64, true).build());
    all.accept(gateUp(new Mixture(1, 1, 2, 2), Q8_0, Q8_0, 5, 64, false).build());
    all.accept(gateUp(new Mixture(64, 4, 1, 1), Q4_0, Q4_0, 1536, 2048, true).timed().build());
    all.accept(down(new Mixture(6, 4, 1, 1), Q4_0, Q4_0, 19, 1536, 1536, true).build());
    all.accept(down(one, Q6_K, Q6_K, 12, 768, 256, false).build());
    all.accept(down(one, Q4_0, null, 21, 1408, 0, true).build());
    all.accept(down(one, Q8_0, null, 1, 32, 0, false).build());
    all.accept(down(chunk, Q5_0, Q4_1, 10, 96, 192, true).build());
    all.accept(down(chunk, Q5_K, F16, 7, 256, 64, false).build());
    all.accept(down(new Mixture(4, 2, 3, 0), Q4_0, null, 7, 64, 0, true).build());
    all.accept(down(new Mixture(128, 8, 1, 1), Q4_K, null, 9, 768, 0, true).build());
    all.accept(down(new Mixture(64, 4, 1, 1), Q4_0, Q4_0, 2048, 1536, 1536, true).timed().build());
    combine(all);
  }

  private static CaseBuilder gateUp(
      Mixture mixture, TensorType gate, TensorType up, int rows, int cols, boolean norm) {
    int tokens = mixture.tokens();
    int xStride = tokens == 1 ? cols : cols + 4;
    int ySlot = rows + (tokens == 1 ? 0 : 3);
    String name =
        "%s, %s gating %s%s"
            .formatted(
                mixture.name(rows, cols), gate.suffix(), up.suffix(), norm ? ", normed" : "");
    CaseBuilder builder =
        CaseBuilder.of("expert_gate_up", name)
            .weights("gate", gate, (long) mixture.experts() * rows, cols)
            .weights("up", up, (long) mixture.experts() * rows, cols)
            .floats("x", (long) tokens * xStride)
            .results("y", (long) tokens * mixture.used() * ySlot)
            .arg("x_stride", xStride)
            .arg("y_stride", mixture.used() * ySlot)
            .arg("y_slot_stride", ySlot)
            .arg("gate_row_bytes", gate.rowBytes(cols))
            .arg("gate_expert_bytes", rows * gate.rowBytes(cols))
            .arg("up_row_bytes", up.rowBytes(cols))
            .arg("up_expert_bytes", rows * up.rowBytes(cols))
            .arg("eps", EPS);
    if (norm) {
      builder.norm("norm", cols);
    }
    return sizes(builder, mixture, rows, cols);
  }

  private static CaseBuilder down(
      Mixture mixture,
      TensorType w,
      @Nullable TensorType shared,
      int rows,
      int cols,
      int sharedCols,
      boolean residual) {
    int tokens = mixture.tokens();
    int xSlot = cols + 4;
    int yStride = rows + (tokens == 1 ? 0 : 3);
    String name =
        mixture.name(rows, cols)
            + " "
            + w.suffix()
            + (shared == null ? "" : ", shared %d %s".formatted(sharedCols, shared.suffix()))
            + (residual ? ", onto itself" : "");
    CaseBuilder builder =
        CaseBuilder.of("expert_down", name)
            .weights("w", w, (long) mixture.experts() * rows, cols)
            .floats("x", (long) tokens * mixture.used() * xSlot)
            .floats("weights", (long) tokens * (mixture.used() + 1))
            .arg("x_stride", mixture.used() * xSlot)
            .arg("x_slot_stride", xSlot)
            .arg("weights_stride", mixture.used() + 1)
            .arg("y_stride", yStride)
            .arg("residual_stride", yStride)
            .arg("w_row_bytes", w.rowBytes(cols))
            .arg("w_expert_bytes", rows * w.rowBytes(cols));
    if (shared != null) {
      builder
          .weights("shared", shared, rows, sharedCols)
          .floats("shared_x", (long) tokens * (sharedCols + 4))
          .arg("shared_cols", sharedCols)
          .arg("shared_x_stride", sharedCols + 4)
          .arg("shared_row_bytes", shared.rowBytes(sharedCols));
    }
    if (residual) {
      builder.floats("y", (long) tokens * yStride).same("residual", "y");
    } else {
      builder.results("y", (long) tokens * yStride);
    }
    return sizes(builder, mixture, rows, cols);
  }

  private static CaseBuilder sizes(CaseBuilder builder, Mixture mixture, int rows, int cols) {
    return builder
        .ints("ids", MatrixCases.ids(mixture.tokens(), mixture.used(), mixture.experts()))
        .tokens(mixture.tokens(), mixture.active())
        .arg("n_expert", mixture.experts())
        .arg("n_used", mixture.used())
        .arg("rows", rows)
        .arg("cols", cols);
  }

  private static void combine(Consumer<KernelCase> all) {
    all.accept(combine(4, 2048, 1, 1).floats("residual", 2048).floats("shared", 2048).build());
    all.accept(combine(8, 33, 3, 2).floats("residual", 3 * 35).build());
    all.accept(combine(6, 100, 5, 5).floats("shared", 5 * 102).build());
    all.accept(combine(1, 1, 1, 1).build());
    all.accept(combine(2, 7, 2, 0).build());
  }

  private static CaseBuilder combine(int used, int n, int tokens, int active) {
    int stride = tokens == 1 ? n : n + 2;
    String name = "%d slots of %d, %d of %d tokens".formatted(used, n, active, tokens);
    return CaseBuilder.of("expert_combine", name)
        .floats("x", (long) tokens * used * stride)
        .floats("weights", (long) tokens * (used + 1))
        .results("y", (long) tokens * stride)
        .tokens(tokens, active)
        .arg("n_used", used)
        .arg("n", n)
        .arg("x_stride", used * stride)
        .arg("x_slot_stride", stride)
        .arg("weights_stride", used + 1)
        .arg("y_stride", stride)
        .arg("residual_stride", stride)
        .arg("shared_stride", stride);
  }
}
