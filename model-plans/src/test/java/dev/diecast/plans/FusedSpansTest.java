package dev.diecast.plans;

import static dev.diecast.plans.defects.PlanEdits.arg;
import static dev.diecast.plans.defects.PlanEdits.at;
import static dev.diecast.plans.defects.PlanEdits.binding;
import static dev.diecast.plans.defects.PlanEdits.bindings;
import static dev.diecast.plans.defects.PlanEdits.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.diecast.kernels.KernelCatalog;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What fused kernels touch of their activations, in {@link FusedPlan}. */
class FusedSpansTest {
  private static final String QKV = "program decode, dispatch 2 (qkv)";
  private static final String HEADS = "program decode, dispatch 3 (heads)";
  private static final String SUM = "program decode, dispatch 5 (attn_residual)";
  private static final String LATENT = "program decode, dispatch 7 (latent)";
  private static final String LATENT_ATTENTION = "program decode, dispatch 8 (latent_attention)";
  private static final String EXPERTS = "program decode, dispatch 11 (experts)";
  private static final String DOWN = "program decode, dispatch 12 (ffn_residual)";

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"spans", "values", "partners"})
  void findsThePlantedDefect(String location, String message, UnaryOperator<Plan> defect) {
    List<Finding> findings = PlanVerifier.verify(defect.apply(FusedPlan.build()));

    assertThat(findings)
        .anySatisfy(finding -> {
          assertThat(finding.location()).isEqualTo(location);
          assertThat(finding.message()).contains(message);
        });
  }

  static Stream<Arguments> spans() {
    return Stream.of(
        arguments(
            QKV,
            "norm: 32 values are not inside its 64 bytes",
            binding("qkv", slot("linears", "norm"), b -> at(b, b.offset(), 64))),
        arguments(
            SUM,
            "residual_0: 32 values, 1 times every 32 are not inside its 64 bytes",
            binding("attn_residual", slot("linears", "residual_0"), b -> at(b, b.offset(), 64))),
        arguments(
            HEADS,
            "y: 16 values, 1 times every 32, 2 times every 17 are not inside its 128 bytes",
            arg("heads", "heads_prepare", "y_head_stride", 17)),
        arguments(
            HEADS,
            "y: 16 values, 1 times every 32, 2 times every 8 overlap",
            arg("heads", "heads_prepare", "y_head_stride", 8)),
        arguments(
            HEADS,
            "k_cache: 16 values, 16 times every 16, 2 times every 16 overlap",
            arg("heads", "heads_prepare", "k_row_stride", 16)),
        arguments(
            HEADS,
            "v_cache: 32 values, 16 times every 32, 2 times every 32 are not inside",
            arg("heads", "heads_prepare", "dv", 32)),
        arguments(
            LATENT,
            "q: 48 values, 1 times every 96, 2 times every 49 are not inside its 384 bytes",
            arg("latent", "latent_prepare", "q_head_stride", 49)),
        arguments(
            LATENT,
            "kv: 64 values, 1 times every 48 are not inside its 192 bytes",
            arg("latent", "latent_prepare", "n_rot", 32)),
        arguments(
            LATENT_ATTENTION,
            "y: 16 values, 1 times every 32, 2 times every 32 are not inside its 128 bytes",
            arg("latent_attention", "split_attention", "y_head_stride", 32)),
        arguments(
            LATENT_ATTENTION,
            "partial: 34 values, 3 times every 34, 2 times every 102",
            arg("latent_attention", "split_attention", "splits", 3)),
        arguments(
            EXPERTS,
            "ids: 3 values, 1 times every 3 are not inside its 8 bytes",
            arg("experts", "expert_gate_up", "n_used", 3)),
        arguments(
            DOWN,
            "x: 32 values, 1 times every 64, 2 times every 33 are not inside its 256 bytes",
            arg("ffn_residual", "expert_down", "x_slot_stride", 33)),
        arguments(
            DOWN, "shared_x: 64 values", arg("ffn_residual", "expert_down", "shared_cols", 64)));
  }

  static Stream<Arguments> values() {
    return Stream.of(
        arguments(
            QKV, "linears: last_only = -1 is not 0 to 1", arg("qkv", "linears", "last_only", -1)),
        arguments(
            HEADS, "heads_prepare: neox = 3 is not", arg("heads", "heads_prepare", "neox", 3)),
        arguments(
            HEADS,
            "heads_prepare: n_rot = 15 values are no pairs",
            arg("heads", "heads_prepare", "n_rot", 15)),
        arguments(
            HEADS,
            "heads_prepare: n_rot = 18 is more than dk",
            arg("heads", "heads_prepare", "n_rot", 18)),
        arguments(
            QKV,
            "linears: residual_2_stride = -1 is negative",
            arg("qkv", "linears", "residual_2_stride", -1)),
        arguments(
            LATENT_ATTENTION,
            "split_attention: 2 heads do not share 0 kv heads",
            arg("latent_attention", "split_attention", "kv_heads", 0)));
  }

  static Stream<Arguments> partners() {
    return Stream.of(
        arguments(QKV, "linears: w_1 is bound, y_1 is not", unbound("qkv", "linears", "y_1")),
        arguments(
            "program decode, dispatch 9 (router)",
            "linears: up_1 is bound, w_1 is not",
            unbound("router", "linears", "w_1")),
        arguments(
            DOWN,
            "expert_down: shared is bound, shared_x is not",
            unbound("ffn_residual", "expert_down", "shared_x")));
  }

  private static UnaryOperator<Plan> unbound(String label, String kernel, String slot) {
    int index = slot(kernel, slot);
    return bindings(label, all -> without(all, b -> b.slot() == index));
  }

  private static int slot(String kernel, String slot) {
    return KernelCatalog.get(kernel).slot(slot).index();
  }
}
