package dev.diecast.kernels;

import static dev.diecast.kernels.ArgType.F32;
import static dev.diecast.kernels.ArgType.I32;

import java.util.List;

/** Mixture-of-experts kernels beside {@code expert_gemv_*}. */
final class RoutingContracts {
  private RoutingContracts() {}

  static List<KernelContract> contracts() {
    return List.of(
        Contract.named("route")
            .meaning(
                "p = softmax (gating = 1) or sigmoid (gating = 2) of logits[t]; ids[t] = the n_used largest of p + bias, largest first, ties to the lower id; weights[t] = p[ids], divided by max(sum, 6.103515625e-5) when norm = 1, then times weight_scale")
            .reads("logits")
            .reads("step")
            .writes("ids")
            .writes("weights")
            .readsIfBound("bias")
            .args(
                I32,
                "n_tokens",
                "n_expert",
                "n_used",
                "gating",
                "norm",
                "logits_stride",
                "ids_stride",
                "weights_stride")
            .args(F32, "weight_scale")
            .build(),
        Contract.named("expert_combine")
            .meaning(
                "y[t] = sum over j of weights[t][j] * x[t][j] (+ residual[t]) (+ shared[t]); y may be residual")
            .reads("x")
            .reads("weights")
            .reads("step")
            .writes("y")
            .readsIfBound("residual")
            .readsIfBound("shared")
            .args(
                I32,
                "n_tokens",
                "n_used",
                "n",
                "x_stride",
                "x_slot_stride",
                "weights_stride",
                "y_stride",
                "residual_stride",
                "shared_stride")
            .build());
  }
}
