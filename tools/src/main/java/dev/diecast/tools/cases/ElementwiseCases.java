package dev.diecast.tools.cases;

import java.util.List;
import java.util.function.Consumer;

/** Norms and element-wise kernels. */
final class ElementwiseCases {
  private static final float EPS = 1e-6f;

  private ElementwiseCases() {}

  static void addTo(Consumer<KernelCase> all) {
    all.accept(norm(1, 2048, 1, 1, false).build());
    all.accept(norm(16, 128, 1, 1, false).build());
    all.accept(norm(1, 1, 1, 1, false).build());
    all.accept(norm(1, 33, 3, 2, false).build());
    all.accept(norm(3, 40, 4, 4, false).build());
    all.accept(norm(1, 100, 5, 3, true).build());
    all.accept(norm(1, 100, 5, 0, true).build());
    all.accept(norm(1, 5120, 1, 1, false).build());
    all.accept(norm(1, 4096, 64, 64, false).timed().build());
    for (int n : List.of(1, 45, 1408, 5632)) {
      all.accept(silu(1, n, 1, 1).build());
    }
    all.accept(silu(4, 67, 3, 2).build());
    all.accept(silu(2, 8, 2, 0).build());
    all.accept(silu(8, 1536, 64, 64).timed().build());
    for (int n : List.of(1, 45, 2048)) {
      all.accept(add(n, 1, 1).build());
      all.accept(addBias(n, 1, 1).build());
    }
    all.accept(add(70, 5, 3).build());
    all.accept(addBias(70, 5, 3).build());
    all.accept(add(9, 2, 0).build());
    all.accept(addInPlace());
    all.accept(add(4096, 64, 64).timed().build());
  }

  private static CaseBuilder norm(int heads, int n, int tokens, int active, boolean lastOnly) {
    int x = tokens == 1 ? n : n + 4;
    int y = tokens == 1 ? n : n + 1;
    String name =
        "%d heads of %d, %d of %d tokens%s"
            .formatted(heads, n, active, tokens, lastOnly ? ", the last" : "");
    return CaseBuilder.of("rms_norm", name)
        .floats("x", (long) tokens * heads * x)
        .norm("w", n)
        .results("y", (lastOnly ? 1L : tokens) * heads * y)
        .tokens(tokens, active)
        .arg("heads", heads)
        .arg("n", n)
        .arg("x_stride", heads * x)
        .arg("x_head_stride", x)
        .arg("y_stride", heads * y)
        .arg("y_head_stride", y)
        .arg("last_only", lastOnly ? 1 : 0)
        .arg("eps", EPS);
  }

  private static CaseBuilder silu(int slots, int n, int tokens, int active) {
    int gate = tokens == 1 ? n : n + 4;
    String name = "%d slots of %d, %d of %d tokens".formatted(slots, n, active, tokens);
    return CaseBuilder.of("silu_mul", name)
        .content("gate", new Content.Floats((long) tokens * slots * gate, 0, 4))
        .floats("up", (long) tokens * slots * n)
        .results("y", (long) tokens * slots * n)
        .tokens(tokens, active)
        .arg("n_slots", slots)
        .arg("n", n)
        .arg("gate_stride", slots * gate)
        .arg("gate_slot_stride", gate)
        .arg("up_stride", slots * n)
        .arg("up_slot_stride", n)
        .arg("y_stride", slots * n)
        .arg("y_slot_stride", n);
  }

  private static CaseBuilder add(int n, int tokens, int active) {
    int b = tokens == 1 ? n : n + 3;
    return CaseBuilder.of("add", "%d values, %d of %d tokens".formatted(n, active, tokens))
        .floats("a", (long) tokens * n)
        .floats("b", (long) tokens * b)
        .results("y", (long) tokens * b)
        .tokens(tokens, active)
        .arg("n", n)
        .arg("a_stride", n)
        .arg("b_stride", b)
        .arg("y_stride", b);
  }

  private static KernelCase addInPlace() {
    return CaseBuilder.of("add", "130 values, 2 tokens, onto a")
        .floats("y", 2 * 130)
        .same("a", "y")
        .floats("b", 2 * 130)
        .tokens(2, 2)
        .arg("n", 130)
        .arg("a_stride", 130)
        .arg("b_stride", 130)
        .arg("y_stride", 130)
        .build();
  }

  private static CaseBuilder addBias(int n, int tokens, int active) {
    int y = tokens == 1 ? n : n + 3;
    return CaseBuilder.of("add_bias", "%d values, %d of %d tokens".formatted(n, active, tokens))
        .floats("x", (long) tokens * n)
        .floats("bias", n)
        .results("y", (long) tokens * y)
        .tokens(tokens, active)
        .arg("n", n)
        .arg("x_stride", n)
        .arg("y_stride", y);
  }
}
