package dev.diecast.kernels;

import static dev.diecast.kernels.ArgType.F32;
import static dev.diecast.kernels.ArgType.I32;
import static dev.diecast.kernels.ArgType.I64;

import java.util.List;

/**
 * Kernels that each do what several plain ones do, so that a layer takes few dispatches. Weights of
 * different types may meet in one dispatch; the function constants say which.
 */
final class FusedContracts {
  private FusedContracts() {}

  static List<KernelContract> contracts() {
    return List.of(
        linears(), expertGateUp(), expertDown(), headsPrepare(), latentPrepare(), splitAttention());
  }

  private static KernelContract linears() {
    Contract contract =
        Contract.named("linears")
            .meaning(
                "for each bound segment i: y_i[t] = w_i n(x[t]) (+ bias_i) (+ residual_i[t]), or silu(w_i n(x[t])) * (up_i n(x[t])) where up_i is bound; w_i and up_i have rows_i rows of `cols` values; n(x) = x / sqrt(mean(x^2) + eps) * norm where norm is bound, else x; last_only = 1 computes just the last active token, into y_i[0]; y_i may be residual_i")
            .reads("x")
            .readsIfBound("norm")
            .reads("step");
    for (int i = 0; i < KernelCatalog.LINEAR_SEGMENTS; i++) {
      if (i == 0) {
        contract.weights("w_0");
      } else {
        contract.weightsIfBound("w_" + i);
      }
      contract.weightsIfBound("up_" + i).readsIfBound("bias_" + i).readsIfBound("residual_" + i);
      if (i == 0) {
        contract.writes("y_0");
      } else {
        contract.writesIfBound("y_" + i);
      }
    }
    contract.args(I32, "n_tokens", "cols", "x_stride", "last_only");
    for (int i = 0; i < KernelCatalog.LINEAR_SEGMENTS; i++) {
      contract.args(I32, "rows_" + i, "y_" + i + "_stride", "residual_" + i + "_stride");
    }
    for (int i = 0; i < KernelCatalog.LINEAR_SEGMENTS; i++) {
      contract.args(I64, "w_" + i + "_row_bytes", "up_" + i + "_row_bytes");
    }
    return contract.args(F32, "eps").build();
  }

  private static KernelContract expertGateUp() {
    return Contract.named("expert_gate_up")
        .meaning(
            "y[t][j] = silu(gate[e] n(x[t])) * (up[e] n(x[t])) with e = ids[t][j], gate[e] at gate + e * gate_expert_bytes; n as in linears; a device may read each used expert once for all tokens")
        .weights("gate")
        .weights("up")
        .reads("ids")
        .reads("x")
        .readsIfBound("norm")
        .reads("step")
        .writes("y")
        .args(I32, "n_tokens", "n_expert", "n_used", "rows", "cols")
        .args(I32, "x_stride", "y_stride", "y_slot_stride")
        .args(I64, "gate_row_bytes", "gate_expert_bytes", "up_row_bytes", "up_expert_bytes")
        .args(F32, "eps")
        .build();
  }

  private static KernelContract expertDown() {
    return Contract.named("expert_down")
        .meaning(
            "y[t] = sum over j of weights[t][j] * (w[ids[t][j]] x[t][j]) (+ shared shared_x[t]) (+ residual[t]); w[e] at w + e * w_expert_bytes; `shared` has `rows` rows of shared_cols values; y may be residual; a device may read each used expert once for all tokens")
        .weights("w")
        .reads("ids")
        .reads("weights")
        .reads("x")
        .reads("step")
        .writes("y")
        .weightsIfBound("shared")
        .readsIfBound("shared_x")
        .readsIfBound("residual")
        .args(I32, "n_tokens", "n_expert", "n_used", "rows", "cols", "shared_cols")
        .args(I32, "x_stride", "x_slot_stride", "weights_stride", "y_stride")
        .args(I32, "shared_x_stride", "residual_stride")
        .args(I64, "w_row_bytes", "w_expert_bytes", "shared_row_bytes")
        .build();
  }

  private static KernelContract headsPrepare() {
    return Contract.named("heads_prepare")
        .meaning(
            "y[t][h] = rope(n(q[t][h])); k_cache and v_cache rows of position p = step.position + t take float16(rope(n(k[t][h]))) and float16(v[t][h]); n is the RMSNorm of one head with q_norm or k_norm where bound, rope as in `rope`; y may be q")
        .reads("q")
        .reads("k")
        .reads("v")
        .readsIfBound("q_norm")
        .readsIfBound("k_norm")
        .reads("angles")
        .reads("step")
        .writes("y")
        .updates("k_cache")
        .updates("v_cache")
        .args(I32, "n_tokens", "heads", "kv_heads", "dk", "dv", "n_rot", "neox")
        .args(I32, "q_stride", "q_head_stride", "k_stride", "k_head_stride")
        .args(I32, "v_stride", "v_head_stride", "y_stride", "y_head_stride")
        .args(I32, "k_row_stride", "v_row_stride", "capacity")
        .args(F32, "eps")
        .build();
  }

  private static KernelContract latentPrepare() {
    return Contract.named("latent_prepare")
        .meaning(
            "y[t][h] = [ w[h] q[t][h][0..nope) | rope(q[t][h][nope..nope+n_rot)) ], latent + n_rot values; w[h] has latent rows of nope values, or with the constant transposed = 1 nope rows of latent values, summed with weights q; the cache row of position step.position + t takes float16 of [ rmsnorm(kv[t][0..latent)) * norm | rope(kv[t][latent..latent+n_rot)) ]; w[h] at w + h * head_bytes")
        .reads("q")
        .reads("kv")
        .reads("norm")
        .reads("angles")
        .weights("w")
        .constant("transposed")
        .reads("step")
        .writes("y")
        .updates("cache")
        .args(I32, "n_tokens", "heads", "nope", "n_rot", "latent", "neox")
        .args(I32, "q_stride", "q_head_stride", "kv_stride", "y_stride", "y_head_stride")
        .args(I32, "row_stride", "capacity")
        .args(I64, "row_bytes", "head_bytes")
        .args(F32, "eps")
        .build();
  }

  private static KernelContract splitAttention() {
    return Contract.named("split_attention")
        .meaning(
            "attention and attention_combine in one: y[t][h] = the joined dv values, or value[h] times them (value_rows rows of dv values at value + h * head_bytes) where value is bound. The splits meet in partial; tickets, two int32 per token and kv head, let the device find out that all are done: zero before, zero again after")
        .reads("q")
        .reads("k")
        .reads("v")
        .reads("step")
        .weightsIfBound("value")
        .writes("partial")
        .updates("tickets")
        .writes("y")
        .args(I32, "n_tokens", "heads", "kv_heads", "dk", "dv", "value_rows")
        .args(I32, "q_stride", "q_head_stride", "y_stride", "y_head_stride")
        .args(I32, "k_row_stride", "k_head_stride", "v_row_stride", "v_head_stride")
        .args(I32, "splits", "capacity")
        .args(I64, "row_bytes", "head_bytes")
        .args(F32, "scale")
        .build();
  }
}
