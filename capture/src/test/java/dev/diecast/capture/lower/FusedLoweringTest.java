package dev.diecast.capture.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Dispatch.Binding;
import dev.diecast.plans.Dispatch.ExpertIndex;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanCodec;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.PlanVerifier;
import dev.diecast.plans.Program;
import dev.diecast.plans.gguf.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FusedLoweringTest {
  private static final Plan GROUPED = FusedModels.grouped(7);
  private static final Plan LATENT = FusedModels.latent(7, false);

  @Test
  void plansHold() {
    for (Plan plan :
        List.of(
            GROUPED,
            LATENT,
            FusedModels.grouped(0),
            FusedModels.latent(0, true),
            FusedModels.latent(3, true))) {
      assertThat(PlanVerifier.verify(plan)).isEmpty();
      assertThat(PlanCodec.decode(PlanCodec.encode(plan)))
          .usingRecursiveComparison()
          .isEqualTo(plan);
    }
  }

  @Test
  void groupedLayerTakesSixDispatches() {
    assertThat(kernels(GROUPED))
        .containsExactly(
            "embed_q4_0",
            "rope_angles",
            "linears",
            "heads_prepare",
            "split_attention",
            "linears",
            "linears",
            "linears",
            "linears",
            "sample",
            "advance");
  }

  @Test
  void latentMixtureLayerTakesNineDispatches() {
    assertThat(kernels(LATENT))
        .containsExactly(
            "embed_q4_0",
            "rope_angles",
            "linears",
            "linears",
            "latent_prepare",
            "split_attention",
            "linears",
            "linears",
            "route",
            "expert_gate_up",
            "expert_down",
            "linears",
            "sample",
            "advance");
  }

  @Test
  void noDispatchWaitsThatNeedNot() {
    for (Plan plan : List.of(GROUPED, LATENT)) {
      for (Program program : plan.programs()) {
        // Embedding and angles run at once; each of the others needs the one before it.
        assertThat(program.dispatches().stream().filter(Dispatch::barrierBefore))
            .hasSize(program.dispatches().size() - 2);
      }
    }
  }

  @Test
  void typesBecomeConstants() {
    Map<String, Long> qkv = constants(GROUPED, "qkv");
    assertThat(qkv.keySet()).containsExactlyElementsOf(KernelCatalog.get("linears").constants());
    assertThat(qkv)
        .containsEntry("w_0_type", (long) TensorType.Q4_0.id())
        .containsEntry("w_1_type", (long) TensorType.Q8_0.id())
        .containsEntry("w_2_type", (long) TensorType.F16.id())
        .containsEntry("w_3_type", -1L)
        .containsEntry("up_0_type", -1L);
    assertThat(constants(LATENT, "blk.0.latent"))
        .isEqualTo(Map.of("w_type", (long) TensorType.F16.id(), "transposed", 0L));
    assertThat(constants(FusedModels.latent(0, true), "blk.0.latent"))
        .isEqualTo(Map.of("w_type", (long) TensorType.Q8_0.id(), "transposed", 1L));
    assertThat(constants(LATENT, "blk.0.attn"))
        .isEqualTo(Map.of("value_type", (long) TensorType.Q5_0.id()));
    assertThat(constants(GROUPED, "blk.0.attn")).isEqualTo(Map.of("value_type", -1L));
  }

  @Test
  void dispatchesOfTheSameConstantsShareAKernel() {
    assertThat(dispatch(GROUPED, "blk.0.attn_residual").kernel())
        .isNotEqualTo(dispatch(GROUPED, "qkv").kernel());
    assertThat(GROUPED.kernels()).doesNotHaveDuplicates();
    assertThat(GROUPED.kernels().stream().map(KernelUse::name).filter("linears"::equals))
        .as("qkv, gate and up, attn_output; ffn_down and output are alike")
        .hasSize(4);
  }

  @Test
  void linearsStateEverySegment() {
    Dispatch qkv = dispatch(GROUPED, "qkv");
    ArgReader args = args(GROUPED, qkv);
    assertThat(List.of(args.i32("rows_0"), args.i32("rows_1"), args.i32("rows_2")))
        .containsExactly(64, 32, 32);
    assertThat(args.i32("rows_3")).isZero();
    assertThat(args.i32("cols")).isEqualTo(64);
    assertThat(args.i64("w_0_row_bytes")).isEqualTo(36);
    assertThat(args.i64("w_1_row_bytes")).isEqualTo(68);
    assertThat(args.i64("w_3_row_bytes")).isZero();
    assertThat(args.f32("eps")).isEqualTo(1e-5f);
    assertThat(slots(GROUPED, qkv))
        .containsExactly("x", "norm", "step", "w_0", "bias_0", "y_0", "w_1", "y_1", "w_2", "y_2");
    assertThat(qkv.weightBytes()).isEqualTo(64 * 36 + 32 * 68 + 32 * 128 + 4 * (64 + 64));
    assertThat(qkv.activationBytes()).isEqualTo(4 * (64 + 64 + 32 + 32) + 8);
    assertThat(qkv.flops()).isEqualTo(2 * 64 * 128 + 4 * 64 + 64);
    assertThat(qkv.sourceOps())
        .containsExactly(
            "blk.0.attn_norm",
            "blk.0.attn_q_bias.weight",
            "blk.0.attn_q",
            "blk.0.attn_k",
            "blk.0.attn_v");
  }

  @Test
  void resultsAreCalledAsWhatComputesThem() {
    assertThat(GROUPED.programs().getFirst().arenaValues().stream().map(v -> v.label()))
        .contains("blk.0.attn_q", "blk.0.attn_k", "blk.0.attn_v");
  }

  @Test
  void gateAndUpAreOneSegment() {
    Dispatch gated = dispatch(GROUPED, "blk.0.ffn_gate_up");
    assertThat(slots(GROUPED, gated)).contains("w_0", "up_0").doesNotContain("w_1");
    assertThat(args(GROUPED, gated).i64("up_0_row_bytes")).isEqualTo(68);
    assertThat(gated.flops()).isEqualTo(4 * 64 * 96 + 5 * 96 + 4 * 64);
  }

  @Test
  void sumsLieOverTheResidual() {
    assertOver(GROUPED, "blk.0.attn_residual", "residual_0", "y_0");
    assertOver(GROUPED, "blk.0.heads", "q", "y");
    assertOver(LATENT, "blk.0.ffn_residual", "residual", "y");
    assertThat(args(GROUPED, dispatch(GROUPED, "blk.0.attn_residual")).i32("residual_0_stride"))
        .isEqualTo(64);
  }

  @Test
  void noSumLiesOverTheOperand() {
    Plan plan = FusedModels.sumWithItsOperand();
    assertThat(PlanVerifier.verify(plan)).isEmpty();
    Dispatch first = dispatch(plan, "blk.0.first");
    assertThat(place(bound(plan, first, "y_0"))).isNotEqualTo(place(bound(plan, first, "x")));
    Dispatch both = dispatch(plan, "both");
    assertThat(place(bound(plan, both, "y_0"))).isNotEqualTo(place(bound(plan, both, "x")));
    assertOver(plan, "both", "residual_1", "y_1");
  }

  @Test
  void headTakesTheLastTokenOnly() {
    Program prefill = GROUPED.programs().getLast();
    Dispatch output = dispatch(prefill, "output");
    ArgReader args = args(GROUPED, output);
    assertThat(args.i32("last_only")).isEqualTo(1);
    assertThat(args.i32("n_tokens")).isEqualTo(7);
    Binding y = bound(GROUPED, output, "y_0");
    assertThat(GROUPED.buffers().get(y.buffer()).name()).isEqualTo("logits");
    assertThat(y.bytes()).isEqualTo(4 * 320);
    assertThat(output.flops()).isEqualTo(2 * 64 * 320 + 4 * 64);
  }

  @Test
  void headsPrepareFillsBothCaches() {
    Dispatch heads = dispatch(GROUPED, "blk.0.heads");
    ArgReader args = args(GROUPED, heads);
    assertThat(
            List.of(
                args.i32("heads"),
                args.i32("kv_heads"),
                args.i32("dk"),
                args.i32("dv"),
                args.i32("n_rot"),
                args.i32("neox"),
                args.i32("k_row_stride"),
                args.i32("capacity")))
        .containsExactly(4, 2, 16, 16, 16, 1, 32, FusedModels.CONTEXT);
    assertThat(slots(GROUPED, heads)).contains("q_norm", "k_norm");
    Binding keys = bound(GROUPED, heads, "k_cache");
    assertThat(keys.bytes()).isEqualTo(2 * 32 * FusedModels.CONTEXT);
    assertThat(place(bound(GROUPED, heads, "v_cache"))).isNotEqualTo(place(keys));
    assertThat(heads.flops()).isEqualTo(3 * 16 * 6 + 4 * (64 + 32));
  }

  @Test
  void latentPrepareReadsItsRowsOfEachHead() {
    Plan plan = FusedModels.latent(0, true);
    Dispatch latent = dispatch(plan, "blk.0.latent");
    ArgReader args = args(plan, latent);
    assertThat(List.of(args.i32("heads"), args.i32("nope"), args.i32("latent"), args.i32("n_rot")))
        .containsExactly(4, 80, 32, 16);
    assertThat(args.i32("q_head_stride")).isEqualTo(96);
    assertThat(args.i32("y_head_stride")).isEqualTo(48);
    assertThat(args.i64("row_bytes")).isEqualTo(34);
    assertThat(args.i64("head_bytes")).isEqualTo(96 * 34);
    Binding w = bound(plan, latent, "w");
    PlanTensor tensor = tensor(plan, "blk.0.attn_kv_b.weight");
    assertThat(w.offset()).isEqualTo(tensor.offset() + 16 * 34);
    assertThat(w.bytes()).isEqualTo(3 * 96 * 34 + 80 * 34);
    assertThat(latent.weightBytes()).isEqualTo(4 * 80 * 34 + 4 * 32);
    assertThat(args(LATENT, dispatch(LATENT, "blk.0.latent")).i64("row_bytes")).isEqualTo(160);
  }

  @Test
  void attentionCountsItsSplitsInTickets() {
    PlanBuffer tickets =
        GROUPED.buffers().stream().filter(PlanBuffer.Tickets.class::isInstance).findFirst().get();
    assertThat(tickets.bytes()).isEqualTo(2 * 4 * 7 * 2);
    Dispatch decode = dispatch(GROUPED, "blk.0.attn");
    Dispatch prefill = dispatch(GROUPED.programs().getLast(), "blk.0.attn");
    assertThat(bound(GROUPED, decode, "tickets").bytes()).isEqualTo(2 * 4 * 2);
    assertThat(bound(GROUPED, prefill, "tickets").bytes()).isEqualTo(tickets.bytes());
    assertThat(args(GROUPED, decode).i32("value_rows")).isZero();
  }

  @Test
  void attentionEndsInTheValueMatrices() {
    Dispatch attention = dispatch(LATENT, "blk.0.attn");
    ArgReader args = args(LATENT, attention);
    assertThat(args.i32("value_rows")).isEqualTo(16);
    assertThat(args.i32("y_stride")).isEqualTo(64);
    assertThat(args.i64("row_bytes")).isEqualTo(22);
    assertThat(args.i64("head_bytes")).isEqualTo(16 * 22);
    assertThat(attention.weightBytes()).isEqualTo(4 * 16 * 22);
    // The value cache is the key cache, read once; the parts are written and read.
    long parts = 4L * 4 * 8 * (32 + 2);
    long cache = 2L * 48 * FusedModels.CONTEXT;
    assertThat(attention.activationBytes())
        .isEqualTo(4 * 4 * 48 + 2 * parts + 8 + 4 * 64 + cache + 8);
    assertThat(attention.sourceOps()).containsExactly("blk.0.attend", "blk.0.v_b");
  }

  @Test
  void expertsAreAddressedByPointerOffset() {
    Dispatch gateUp = dispatch(LATENT, "blk.0.experts");
    Binding gate = bound(LATENT, gateUp, "gate");
    Binding up = bound(LATENT, gateUp, "up");
    int ids = KernelCatalog.get("expert_gate_up").slot("ids").index();
    ExpertIndex index = new ExpertIndex(ids, 8, 64 * 36, 32 * 36);
    assertThat(gate.expert()).isEqualTo(index);
    assertThat(up.expert()).isEqualTo(index);
    assertThat(up.offset() - gate.offset()).isEqualTo(32 * 36);
    assertThat(up.bytes()).isEqualTo(7 * 64 * 36 + 32 * 36);
    assertThat(gateUp.weightBytes()).isEqualTo(2 * 2 * 32 * 36 + 4 * 64);
    Dispatch down = dispatch(LATENT, "blk.0.ffn_residual");
    assertThat(slots(LATENT, down))
        .containsExactly("w", "ids", "weights", "x", "step", "y", "shared", "shared_x", "residual");
    assertThat(args(LATENT, down).i64("w_expert_bytes")).isEqualTo(64 * 34);
    assertThat(args(LATENT, down).i32("shared_cols")).isEqualTo(32);
    assertThat(down.weightBytes()).isEqualTo(2 * 64 * 34 + 64 * 20);
    assertThat(down.flops()).isEqualTo(2 * 2 * 64 * 32 + 2 * 2 * 64 + 2 * 64 * 32 + 64);
  }

  private static List<String> kernels(Plan plan) {
    return plan.programs().getFirst().dispatches().stream()
        .map(dispatch -> plan.kernels().get(dispatch.kernel()).name())
        .toList();
  }

  private static Dispatch dispatch(Plan plan, String label) {
    return dispatch(plan.programs().getFirst(), label);
  }

  private static Dispatch dispatch(Program program, String label) {
    return program.dispatches().stream()
        .filter(dispatch -> dispatch.label().equals(label))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Long> constants(Plan plan, String label) {
    Map<String, Long> constants = new LinkedHashMap<>();
    plan.kernels()
        .get(dispatch(plan, label).kernel())
        .constants()
        .forEach(constant -> constants.put(constant.name(), constant.value()));
    return constants;
  }

  private static KernelContract contract(Plan plan, Dispatch dispatch) {
    return KernelCatalog.get(plan.kernels().get(dispatch.kernel()).name());
  }

  private static ArgReader args(Plan plan, Dispatch dispatch) {
    return contract(plan, dispatch).args().reader(dispatch.args());
  }

  private static List<String> slots(Plan plan, Dispatch dispatch) {
    return dispatch.bindings().stream().map(b -> slot(plan, dispatch, b)).toList();
  }

  private static Binding bound(Plan plan, Dispatch dispatch, String slot) {
    return dispatch.bindings().stream()
        .filter(b -> slot(plan, dispatch, b).equals(slot))
        .findFirst()
        .orElseThrow();
  }

  private static String slot(Plan plan, Dispatch dispatch, Binding binding) {
    return contract(plan, dispatch).slots().get(binding.slot()).name();
  }

  private static void assertOver(Plan plan, String label, String operand, String result) {
    Dispatch dispatch = dispatch(plan, label);
    assertThat(place(bound(plan, dispatch, result)))
        .isEqualTo(place(bound(plan, dispatch, operand)));
  }

  private static List<Long> place(Binding binding) {
    return List.of((long) binding.buffer(), binding.offset(), binding.bytes());
  }

  private static PlanTensor tensor(Plan plan, String name) {
    return plan.tensors().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }
}
