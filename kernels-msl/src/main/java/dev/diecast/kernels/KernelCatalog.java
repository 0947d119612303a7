package dev.diecast.kernels;

import static dev.diecast.kernels.ArgType.I32;
import static dev.diecast.kernels.ArgType.I64;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every kernel that a plan may name.
 *
 * <p>Notation: {@code T} is the number of tokens of the step, {@code min(n_tokens, step.active)};
 * {@code x[t]} is the row of token {@code t}. Strides count float elements, {@code *_bytes} count
 * bytes. Activations are float32, the KV cache is float16, token ids and expert ids are int32.
 * {@code step} is the step state ({@code StepState} in model-plans). Weight rows are the GGUF
 * blocks, untouched.
 */
public final class KernelCatalog {
  /**
   * The weight types for which {@code gemv_*}, {@code embed_*} and their relatives exist, as kernel
   * name suffixes.
   */
  public static final List<String> WEIGHT_TYPES =
      List.of("f32", "f16", "bf16", "q8_0", "q4_0", "q4_1", "q5_0", "q5_1", "q4_k", "q5_k", "q6_k");

  /** Matrices (or gate and up pairs) that one {@code linears} dispatch may hold. */
  public static final int LINEAR_SEGMENTS = 4;

  private static final Map<String, KernelContract> ALL = build();

  private KernelCatalog() {}

  /** All contracts, in catalogue order. */
  public static Collection<KernelContract> all() {
    return ALL.values();
  }

  /** The contract of that name, or empty when no kernel is called so. */
  public static Optional<KernelContract> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  /**
   * The contract of that name; throws {@link IllegalArgumentException} when no kernel is called so.
   */
  public static KernelContract get(String name) {
    return find(name)
        .orElseThrow(() -> new IllegalArgumentException("no kernel is called '" + name + "'"));
  }

  private static Map<String, KernelContract> build() {
    List<KernelContract> list = new ArrayList<>();
    for (String type : WEIGHT_TYPES) {
      list.addAll(weightKernels(type));
    }
    list.addAll(NormAndElementwise.contracts());
    list.addAll(AttentionContracts.contracts());
    list.addAll(RoutingContracts.contracts());
    list.addAll(StepContracts.contracts());
    list.addAll(FusedContracts.contracts());
    Map<String, KernelContract> byName = new LinkedHashMap<>();
    for (KernelContract contract : list) {
      if (byName.put(contract.name(), contract) != null) {
        throw new IllegalStateException("two kernels are called " + contract.name());
      }
    }
    return Collections.unmodifiableMap(byName);
  }

  private static List<KernelContract> weightKernels(String type) {
    return List.of(
        Contract.named("embed_" + type)
            .meaning("y[t] = dequantised row tokens[t] of w")
            .reads("w")
            .reads("tokens")
            .reads("step")
            .writes("y")
            .args(I32, "n_tokens", "n_vocab", "cols", "y_stride")
            .args(I64, "row_bytes")
            .build(),
        Contract.named("gemv_" + type)
            .meaning(
                "y[t] = w x[t] (+ bias) (+ residual[t]); w has `rows` rows of `cols` values; a device reads w once for many tokens")
            .reads("w")
            .reads("x")
            .reads("step")
            .writes("y")
            .readsIfBound("bias")
            .readsIfBound("residual")
            .args(I32, "n_tokens", "rows", "cols", "x_stride", "y_stride", "residual_stride")
            .args(I64, "row_bytes")
            .build(),
        Contract.named("head_gemv_" + type)
            .meaning("y[t][h] = w[h] x[t][h], w[h] at w + h * head_bytes")
            .reads("w")
            .reads("x")
            .reads("step")
            .writes("y")
            .args(I32, "n_tokens", "heads", "rows", "cols")
            .args(I32, "x_stride", "x_head_stride", "y_stride", "y_head_stride")
            .args(I64, "row_bytes", "head_bytes")
            .build(),
        Contract.named("head_gemv_t_" + type)
            .meaning(
                "y[t][h] = w[h]^T x[t][h]: the `rows` stored rows of `cols` values are summed with weights x; y has cols values")
            .reads("w")
            .reads("x")
            .reads("step")
            .writes("y")
            .args(I32, "n_tokens", "heads", "rows", "cols")
            .args(I32, "x_stride", "x_head_stride", "y_stride", "y_head_stride")
            .args(I64, "row_bytes", "head_bytes")
            .build(),
        Contract.named("expert_gemv_" + type)
            .meaning(
                "y[t][j] = w[ids[t][j]] x[t][j], w[e] at w + e * expert_bytes; x_slot_stride 0 shares x[t] among the slots; a device may read each used expert once for all tokens")
            .reads("w")
            .reads("ids")
            .reads("x")
            .reads("step")
            .writes("y")
            .args(I32, "n_tokens", "n_expert", "n_used", "rows", "cols")
            .args(I32, "x_stride", "x_slot_stride", "y_stride", "y_slot_stride")
            .args(I64, "row_bytes", "expert_bytes")
            .build());
  }
}
