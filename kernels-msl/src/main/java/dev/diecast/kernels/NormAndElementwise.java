package dev.diecast.kernels;

import static dev.diecast.kernels.ArgType.F32;
import static dev.diecast.kernels.ArgType.I32;

import java.util.List;

/** Normalisation, activation and element-wise kernels. */
final class NormAndElementwise {
  private NormAndElementwise() {}

  static List<KernelContract> contracts() {
    return List.of(
        Contract.named("rms_norm")
            .meaning(
                "y[t][h] = x[t][h] / sqrt(mean(x[t][h]^2) + eps) * w over n values; x may be y; last_only = 1 norms just the last active token, into y[0]")
            .reads("x")
            .reads("w")
            .reads("step")
            .writes("y")
            .args(
                I32,
                "n_tokens",
                "heads",
                "n",
                "x_stride",
                "x_head_stride",
                "y_stride",
                "y_head_stride",
                "last_only")
            .args(F32, "eps")
            .build(),
        Contract.named("silu_mul")
            .meaning(
                "y[t][i] = gate[t][i] * sigmoid(gate[t][i]) * up[t][i]; slots are n_slots rows per token, one after the other")
            .reads("gate")
            .reads("up")
            .reads("step")
            .writes("y")
            .args(
                I32,
                "n_tokens",
                "n_slots",
                "n",
                "gate_stride",
                "gate_slot_stride",
                "up_stride",
                "up_slot_stride",
                "y_stride",
                "y_slot_stride")
            .build(),
        Contract.named("add")
            .meaning("y[t][i] = a[t][i] + b[t][i]; y may be a or b")
            .reads("a")
            .reads("b")
            .reads("step")
            .writes("y")
            .args(I32, "n_tokens", "n", "a_stride", "b_stride", "y_stride")
            .build(),
        Contract.named("add_bias")
            .meaning("y[t][i] = x[t][i] + bias[i]; y may be x")
            .reads("x")
            .reads("bias")
            .reads("step")
            .writes("y")
            .args(I32, "n_tokens", "n", "x_stride", "y_stride")
            .build());
  }
}
