package dev.diecast.plans;

import static dev.diecast.plans.defects.PlanEdits.arg;
import static dev.diecast.plans.defects.PlanEdits.at;
import static dev.diecast.plans.defects.PlanEdits.binding;
import static dev.diecast.plans.defects.PlanEdits.bindings;
import static dev.diecast.plans.defects.PlanEdits.buffers;
import static dev.diecast.plans.defects.PlanEdits.constant;
import static dev.diecast.plans.defects.PlanEdits.constants;
import static dev.diecast.plans.defects.PlanEdits.in;
import static dev.diecast.plans.defects.PlanEdits.with;
import static dev.diecast.plans.defects.PlanEdits.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.plans.Dispatch.Access;
import dev.diecast.plans.Dispatch.Binding;
import dev.diecast.plans.Dispatch.ExpertIndex;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FusedPlanVerifierTest {
  private static final String QKV = "program decode, dispatch 2 (qkv)";
  private static final String HEADS = "program decode, dispatch 3 (heads)";
  private static final String ATTENTION = "program decode, dispatch 4 (attention)";
  private static final String SUM = "program decode, dispatch 5 (attn_residual)";
  private static final String LATENT = "program decode, dispatch 7 (latent)";
  private static final String LATENT_ATTENTION = "program decode, dispatch 8 (latent_attention)";
  private static final String EXPERTS = "program decode, dispatch 11 (experts)";
  private static final String DOWN = "program decode, dispatch 12 (ffn_residual)";
  private static final int KV = 2;
  private static final int ARENA = 3;
  private static final int TICKETS = 7;

  @Test
  void findsNothingInASoundPlan() {
    assertThat(PlanVerifier.verify(FusedPlan.build())).isEmpty();
  }

  @Test
  void decodesWhatItEncodes() {
    byte[] bytes = PlanCodec.encode(FusedPlan.build());
    Plan decoded = PlanCodec.decode(bytes);

    assertThat(decoded)
        .usingRecursiveComparison()
        .withStrictTypeChecking()
        .isEqualTo(FusedPlan.build());
    assertThat(decoded.buffers().get(TICKETS)).isEqualTo(new PlanBuffer.Tickets("tickets", 16));
    assertThat(PlanCodec.encode(decoded)).isEqualTo(bytes);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"constantDefects", "weightDefects", "expertDefects", "bufferDefects", "inPlace"})
  void findsThePlantedDefect(String location, String message, UnaryOperator<Plan> defect) {
    List<Finding> findings = PlanVerifier.verify(defect.apply(FusedPlan.build()));

    assertThat(findings)
        .anySatisfy(finding -> {
          assertThat(finding.location()).isEqualTo(location);
          assertThat(finding.message()).contains(message);
        });
  }

  static Stream<Arguments> constantDefects() {
    return Stream.of(
        defect(
            QKV,
            "linears needs the constant up_3_type",
            constants("qkv", all -> without(all, c -> c.name().equals("up_3_type")))),
        defect(
            QKV,
            "linears has no constant w_4_type",
            constants("qkv", all -> with(all, new KernelUse.Constant("w_4_type", -1)))),
        defect(
            QKV,
            "linears is given the constant w_0_type twice",
            constants("qkv", all -> with(all, new KernelUse.Constant("w_0_type", 8)))),
        defect(
            QKV,
            "is told that w_3 has type 8, but nothing is bound",
            constant("qkv", "w_3_type", 8)),
        defect(
            QKV, "is told that w_1 is unbound, but it is bound", constant("qkv", "w_1_type", -1)),
        defect(QKV, "reads no weights of type 10, which w_0 has", constant("qkv", "w_0_type", 10)),
        defect(
            QKV,
            "reads no weights of type 4294967304, which w_0 has",
            constant("qkv", "w_0_type", (1L << 32) + 8)),
        defect(QKV, "linears reads q4_0, but tensor q is q8_0", constant("qkv", "w_0_type", 2)),
        defect(LATENT, "takes 0 or 1 as transposed, not 2", constant("latent", "transposed", 2)),
        defect(
            LATENT_ATTENTION,
            "split_attention reads f16, but tensor v_b is q8_0",
            constant("latent_attention", "value_type", 1)),
        defect(
            EXPERTS,
            "expert_gate_up reads q4_0, but tensor up is q8_0",
            constant("experts", "up_type", 2)),
        defect(
            DOWN,
            "expert_down reads q4_1, but tensor sh_down is q8_0",
            constant("ffn_residual", "shared_type", 3)));
  }

  static Stream<Arguments> weightDefects() {
    return Stream.of(
        defect(
            QKV,
            "buffer arena cannot be w_1",
            binding("qkv", slot("linears", "w_1"), b -> at(in(b, ARENA), 4096, 1088))),
        defect(
            QKV,
            "1 matrices of 33 rows of 34 bytes with a stride of 0 are not inside its 1088 bytes",
            arg("qkv", "linears", "rows_0", 33)),
        defect(QKV, "1 matrices of -1 rows", arg("qkv", "linears", "rows_1", -1)),
        defect(
            QKV,
            "a row of 32 values of q8_0 does not take the 68 bytes",
            arg("qkv", "linears", "w_1_row_bytes", 68)),
        defect(
            QKV,
            "a row of 31 values of q8_0 does not take the 34 bytes",
            arg("qkv", "linears", "cols", 31)),
        defect(
            LATENT,
            "2 matrices of 32 rows of 64 bytes with a stride of 2049",
            arg("latent", "latent_prepare", "head_bytes", 2049)),
        defect(
            LATENT,
            "a row of 16 values of f16 does not take the 64 bytes",
            arg("latent", "latent_prepare", "nope", 16)),
        defect(
            LATENT_ATTENTION,
            "2 matrices of 17 rows",
            arg("latent_attention", "split_attention", "value_rows", 17)),
        defect(
            LATENT_ATTENTION,
            "are not inside its 1088 bytes",
            arg("latent_attention", "split_attention", "head_bytes", Long.MAX_VALUE)),
        defect(
            DOWN,
            "1 matrices of 32 rows of 34 bytes with a stride of 0 are not inside its 1054 bytes",
            binding(
                "ffn_residual", slot("expert_down", "shared"), b -> at(b, b.offset(), 31 * 34))));
  }

  static Stream<Arguments> expertDefects() {
    int gate = slot("expert_gate_up", "gate");
    int up = slot("expert_gate_up", "up");
    return Stream.of(
        defect(
            EXPERTS,
            "slot " + gate + ": expert_gate_up needs the expert stride",
            binding("experts", gate, b -> indexed(b, null))),
        defect(
            EXPERTS,
            "slot " + up + ": 5 experts with a stride of 1088 are not inside its 4352 bytes",
            binding("experts", up, b -> indexed(b, new ExpertIndex(2, 5, 1088, 1088)))),
        defect(
            EXPERTS,
            "slot " + up + ": the arguments say 4 experts with a stride of 1054",
            arg("experts", "expert_gate_up", "up_expert_bytes", 1054)),
        defect(
            EXPERTS,
            "slot " + gate + ": the arguments say 3 experts",
            arg("experts", "expert_gate_up", "n_expert", 3)),
        defect(
            EXPERTS,
            "slot 3 holds no expert ids",
            binding("experts", gate, b -> indexed(b, new ExpertIndex(3, 4, 1088, 1088)))),
        defect(
            DOWN,
            "the arguments say 4 experts with a stride of 0",
            arg("ffn_residual", "expert_down", "w_expert_bytes", 0)),
        defect(
            DOWN,
            "expert_down adds no expert offset to shared",
            binding(
                "ffn_residual",
                slot("expert_down", "shared"),
                b -> indexed(b, new ExpertIndex(1, 4, 272, 272)))));
  }

  static Stream<Arguments> bufferDefects() {
    int tickets = slot("split_attention", "tickets");
    return Stream.of(
        defect(
            HEADS,
            "buffer arena cannot be v_cache",
            binding("heads", slot("heads_prepare", "v_cache"), b -> at(in(b, ARENA), 4096, 1024))),
        defect(
            LATENT,
            "buffer arena cannot be cache",
            binding("latent", slot("latent_prepare", "cache"), b -> in(b, ARENA))),
        defect(
            ATTENTION,
            "buffer arena cannot be k",
            binding("attention", slot("split_attention", "k"), b -> in(b, ARENA))),
        defect(
            ATTENTION,
            "buffer kv cannot be tickets",
            binding("attention", tickets, b -> in(b, KV))),
        defect(
            ATTENTION,
            "bytes 0 + 12 are not the first 4 tickets",
            binding("attention", tickets, b -> at(b, 0, 12))),
        defect(
            ATTENTION,
            "bytes 0 + 16 are not the first -2 tickets",
            arg("attention", "split_attention", "kv_heads", -1)),
        defect(
            LATENT_ATTENTION,
            "bytes 8 + 8 are not the first 2 tickets",
            binding("latent_attention", tickets, b -> at(b, 8, 8))),
        defect(
            ATTENTION,
            "not inside buffer tickets of 16",
            binding("attention", tickets, b -> at(b, 0, 32))),
        defect(
            ATTENTION,
            "declares READ_WRITE for tickets, the plan READ",
            binding(
                "attention",
                tickets,
                b -> new Binding(b.slot(), b.buffer(), b.offset(), b.bytes(), Access.READ, null))),
        defect(
            ATTENTION,
            "split_attention needs slot " + tickets + " tickets",
            bindings("attention", all -> without(all, b -> b.slot() == tickets))),
        defect(
            QKV,
            "buffer tickets cannot be x",
            binding("qkv", slot("linears", "x"), b -> at(in(b, TICKETS), 0, 16))),
        defect(
            "buffers",
            "2 buffers hold the tickets, not 1",
            buffers(all -> with(all, new PlanBuffer.Tickets("more", 16)))));
  }

  static Stream<Arguments> inPlace() {
    return Stream.of(
        defect(
            SUM,
            "it writes y_0 over bytes that it also binds as x",
            binding("attn_residual", slot("linears", "x"), b -> at(b, 0, 128))),
        defect(
            SUM,
            "y_0 is residual_0, but their strides differ",
            arg("attn_residual", "linears", "residual_0_stride", 64)),
        defect(
            QKV,
            "it writes y_1 over bytes that it also binds as y_0",
            binding("qkv", slot("linears", "y_1"), b -> at(b, 256, 128))),
        defect(
            HEADS,
            "it writes y over bytes that it also binds as k",
            binding("heads", slot("heads_prepare", "y"), b -> at(b, 512, 128))),
        defect(
            HEADS,
            "y is q, but their strides differ",
            arg("heads", "heads_prepare", "q_head_stride", 8)),
        defect(
            DOWN,
            "y is residual, but their strides differ",
            arg("ffn_residual", "expert_down", "residual_stride", 0)));
  }

  private static int slot(String kernel, String name) {
    return KernelCatalog.get(kernel).slot(name).index();
  }

  private static Binding indexed(Binding b, @Nullable ExpertIndex expert) {
    return new Binding(b.slot(), b.buffer(), b.offset(), b.bytes(), b.access(), expert);
  }

  private static Arguments defect(String location, String message, UnaryOperator<Plan> edit) {
    return arguments(location, message, edit);
  }
}
