package dev.diecast.plans.defects;

import static dev.diecast.plans.defects.Defect.defect;
import static dev.diecast.plans.defects.PlanEdits.arg;
import static dev.diecast.plans.defects.PlanEdits.args;
import static dev.diecast.plans.defects.PlanEdits.at;
import static dev.diecast.plans.defects.PlanEdits.binding;
import static dev.diecast.plans.defects.PlanEdits.programs;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.UnaryOperator;

/** Arguments that lead a kernel out of the activations that it is given. */
final class SpanDefects {
  private static final String Q = "program decode, dispatch 2 (blk.0.attn_q)";
  private static final String ATTENTION = "program decode, dispatch 7 (blk.0.attention)";
  private static final String EXPERTS = "program decode, dispatch 12 (blk.0.ffn_up_exps)";

  private SpanDefects() {}

  static List<Defect> all() {
    return List.of(
        defect(
            "operand cut short",
            Q,
            "x: 32 values, 1 times every 32 are not inside its 64 bytes",
            binding("blk.0.attn_q", 1, b -> at(b, b.offset(), 64))),
        defect(
            "more rows than the result holds",
            "program decode, dispatch 10 (blk.0.ffn_gate_inp)",
            "y: 8 values, 1 times every 4 are not inside its 16 bytes",
            arg("blk.0.ffn_gate_inp", "gemv_f32", "rows", 8)),
        defect(
            "token stride past the end",
            "program prefill-4, dispatch 2 (blk.0.attn_q)",
            "x: 32 values, 4 times every 33 are not inside its 512 bytes",
            prefill(arg("blk.0.attn_q", "gemv_q8_0", "x_stride", 33))),
        defect(
            "rows of tokens that overlap",
            "program prefill-4, dispatch 2 (blk.0.attn_q)",
            "y: 32 values, 4 times every 31 overlap, but they are written",
            prefill(arg("blk.0.attn_q", "gemv_q8_0", "y_stride", 31))),
        defect(
            "negative stride",
            Q,
            "x: n_tokens = 1 with a stride of -32",
            arg("blk.0.attn_q", "gemv_q8_0", "x_stride", -32)),
        defect(
            "head stride past the end",
            "program decode, dispatch 1 (blk.0.attn_norm)",
            "x: 32 values, 1 times every 32, 2 times every 32 are not inside its 128 bytes",
            arg("blk.0.attn_norm", "rms_norm", "heads", 2)),
        defect(
            "slots of experts that overlap",
            EXPERTS,
            "y: 32 values, 1 times every 64, 2 times every 16 overlap",
            arg("blk.0.ffn_up_exps", "expert_gemv_q8_0", "y_slot_stride", 16)),
        defect(
            "slot stride past the end",
            EXPERTS,
            "y: 32 values, 1 times every 64, 2 times every 33 are not inside its 256 bytes",
            arg("blk.0.ffn_up_exps", "expert_gemv_q8_0", "y_slot_stride", 33)),
        defect(
            "KV row wider than the cache",
            ATTENTION,
            "k: 33 values, 16 times every 32, 1 times every 32 are not inside its 1024 bytes",
            arg("blk.0.attention", "attention", "dk", 33)),
        defect(
            "KV rows that overlap",
            "program decode, dispatch 5 (blk.0.k)",
            "cache: 32 values, 16 times every 16 overlap",
            arg("blk.0.k", "kv_write", "row_stride", 16)),
        defect(
            "more splits than partial results hold",
            ATTENTION,
            "partial: 34 values, 9 times every 34, 1 times every 306, 1 times every 306 are not",
            arg("blk.0.attention", "attention", "splits", 9)),
        defect(
            "sizes that overflow",
            ATTENTION,
            "partial: 34 values, 2147483647 times every 34",
            args("blk.0.attention", bytes -> huge("attention", bytes, "splits", "heads"))),
        defect(
            "no values at all",
            "program decode, dispatch 9 (blk.0.attn_residual)",
            "a: n = 0 values",
            arg("blk.0.attn_residual", "add", "n", 0)),
        defect(
            "heads that share no kv head",
            ATTENTION,
            "attention: 1 heads do not share 2 kv heads",
            arg("blk.0.attention", "attention", "kv_heads", 2)),
        defect(
            "more experts in use than there are",
            "program decode, dispatch 11 (blk.0.route)",
            "route: n_used = 5 is not 1 to 4",
            arg("blk.0.route", "route", "n_used", 5)),
        defect(
            "gating unknown",
            "program decode, dispatch 11 (blk.0.route)",
            "route: gating = 3 is not 1 to 2",
            arg("blk.0.route", "route", "gating", 3)),
        defect(
            "flag that is neither 0 nor 1",
            "program decode, dispatch 1 (blk.0.attn_norm)",
            "rms_norm: last_only = 2 is not 0 to 1",
            arg("blk.0.attn_norm", "rms_norm", "last_only", 2)),
        defect(
            "vocabulary larger than the logits",
            "program decode, dispatch 16 (sample)",
            "logits: 65 values are not inside its 256 bytes",
            arg("sample", "sample", "n_vocab", 65)),
        defect(
            "ring larger than its buffer",
            "program decode, dispatch 17 (advance)",
            "ring: 1025 values are not inside its 4096 bytes",
            arg("advance", "advance", "ring_size", 1025)));
  }

  /** The edit of the program decode, made to prefill-4 alone. */
  private static UnaryOperator<Plan> prefill(UnaryOperator<Plan> edit) {
    UnaryOperator<Plan> swap = programs(all -> all.stream().map(SpanDefects::otherName).toList());
    return plan -> swap.apply(edit.apply(swap.apply(plan)));
  }

  private static Program otherName(Program p) {
    return new Program(
        p.name().equals("decode") ? "prefill-4" : "decode",
        p.tokens(),
        p.dispatches(),
        p.arenaLowerBoundBytes(),
        p.arenaNaiveBytes(),
        p.arenaValues());
  }

  private static byte[] huge(String kernel, byte[] bytes, String... fields) {
    byte[] edited = bytes.clone();
    ByteBuffer struct = ByteBuffer.wrap(edited).order(ByteOrder.LITTLE_ENDIAN);
    for (String field : fields) {
      struct.putInt(KernelCatalog.get(kernel).args().offsetOf(field), Integer.MAX_VALUE);
    }
    return edited;
  }
}
