package dev.diecast.kernels;

import static dev.diecast.kernels.ArgType.F32;
import static dev.diecast.kernels.ArgType.I32;

import java.util.List;

/** RoPE, KV cache and attention kernels. The KV cache is float16, one row per position. */
final class AttentionContracts {
  private AttentionContracts() {}

  static List<KernelContract> contracts() {
    return List.of(
        Contract.named("rope_angles")
            .meaning(
                "y[t][i] = (cos, sin)(inv_freq[i] * (step.position + t)) * magnitude for i < n_rot / 2; inv_freq is float64 and the angle is computed in float64, once per step for all layers")
            .reads("inv_freq")
            .reads("step")
            .writes("y")
            .args(I32, "n_tokens", "n_rot")
            .args(F32, "magnitude")
            .build(),
        Contract.named("rope")
            .meaning(
                "rotates the first n_rot values of each head by angles[t]: pairs (2i, 2i+1) when neox = 0, (i, i + n_rot/2) when neox = 1; values n_rot..n-1 are copied; y may be x")
            .reads("x")
            .reads("angles")
            .reads("step")
            .writes("y")
            .args(
                I32,
                "n_tokens",
                "heads",
                "n",
                "n_rot",
                "neox",
                "x_stride",
                "x_head_stride",
                "y_stride",
                "y_head_stride")
            .build(),
        Contract.named("kv_write")
            .meaning("cache[(step.position + t) * row_stride + i] = float16(x[t][i]) for i < n")
            .reads("x")
            .reads("step")
            .updates("cache")
            .args(I32, "n_tokens", "n", "x_stride", "row_stride", "capacity")
            .build(),
        Contract.named("attention")
            .meaning(
                "online softmax of scale * q[t][h] . k[p] over split s of the positions p <= step.position + t; partial[t][h][s] = (max, sum, dv unnormalised values), float32. Head h reads k and v of kv head h / (heads / kv_heads). Splits divide the context evenly; an empty split has max = -inf, sum = 0")
            .reads("q")
            .reads("k")
            .reads("v")
            .reads("step")
            .writes("partial")
            .args(I32, "n_tokens", "heads", "kv_heads", "dk", "dv", "q_stride", "q_head_stride")
            .args(
                I32,
                "k_row_stride",
                "k_head_stride",
                "v_row_stride",
                "v_head_stride",
                "splits",
                "capacity")
            .args(F32, "scale")
            .build(),
        Contract.named("attention_combine")
            .meaning("y[t][h] = the softmax-weighted sum of the splits of partial[t][h], dv values")
            .reads("partial")
            .reads("step")
            .writes("y")
            .args(I32, "n_tokens", "heads", "dv", "splits", "y_stride", "y_head_stride")
            .build());
  }
}
