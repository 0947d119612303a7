package dev.diecast.tools.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The choice of experts. */
final class RoutingCases {
  private static final int SOFTMAX = 1;
  private static final int SIGMOID = 2;

  private RoutingCases() {}

  static void addTo(Consumer<KernelCase> all) {
    all.accept(route(64, 4, SIGMOID, true, 1.8f, 1, 1).floats("bias", 64).build());
    all.accept(route(64, 6, SOFTMAX, false, 1, 1, 1).build());
    all.accept(route(128, 8, SOFTMAX, true, 1, 1, 1).build());
    all.accept(route(256, 8, SIGMOID, true, 2.5f, 3, 3).floats("bias", 256).build());
    all.accept(route(5, 3, SOFTMAX, true, 1, 4, 2).build());
    all.accept(route(33, 2, SIGMOID, false, 1, 2, 2).build());
    all.accept(route(1, 1, SOFTMAX, true, 1, 1, 1).build());
    all.accept(route(7, 7, SIGMOID, true, 1, 1, 1).build());
    all.accept(route(9, 2, SOFTMAX, true, 1, 3, 0).build());
    all.accept(ties());
  }

  private static CaseBuilder route(
      int experts, int used, int gating, boolean norm, float scale, int tokens, int active) {
    String name =
        "%d of %d experts, %s%s, %d of %d tokens"
            .formatted(
                used,
                experts,
                gating == SOFTMAX ? "softmax" : "sigmoid",
                norm ? " normed" : "",
                active,
                tokens);
    return CaseBuilder.of("route", name)
        .content("logits", new Content.Floats((long) tokens * (experts + 3), 0, 1.5))
        .intResults("ids", (long) tokens * used)
        .results("weights", (long) tokens * (used + 1))
        .tokens(tokens, active)
        .arg("n_expert", experts)
        .arg("n_used", used)
        .arg("gating", gating)
        .arg("norm", norm ? 1 : 0)
        .arg("logits_stride", experts + 3)
        .arg("ids_stride", used)
        .arg("weights_stride", used + 1)
        .arg("weight_scale", scale);
  }

  /** Equal logits far apart: the lower id comes first. */
  private static KernelCase ties() {
    int experts = 70;
    List<Float> logits = new ArrayList<>();
    for (int e = 0; e < experts; e++) {
      logits.add(e % 32 == 5 ? 2f : e % 10 == 3 ? 1f : -1f);
    }
    return CaseBuilder.of("route", "ties among 70 experts")
        .content("logits", new Content.GivenFloats(logits))
        .intResults("ids", 8)
        .results("weights", 8)
        .tokens(1, 1)
        .arg("n_expert", experts)
        .arg("n_used", 8)
        .arg("gating", SOFTMAX)
        .arg("norm", 1)
        .arg("logits_stride", experts)
        .arg("ids_stride", 8)
        .arg("weights_stride", 8)
        .arg("weight_scale", 1f)
        .build();
  }
}
