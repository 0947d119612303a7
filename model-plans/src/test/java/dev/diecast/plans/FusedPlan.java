package dev.diecast.plans;

import dev.diecast.plans.Dispatch.ExpertIndex;
import dev.diecast.plans.PlanBuilder.DispatchBuilder;
import dev.diecast.plans.PlanBuilder.ProgramBuilder;
import dev.diecast.plans.PlanBuilder.Slice;
import dev.diecast.plans.gguf.TensorType;
import java.util.List;

/**
 * A sound plan that runs each fused kernel: grouped-query attention, then latent attention, then a
 * mixture of four experts, two in use. No model is built like this.
 */
final class FusedPlan {
  private static final int WIDTH = 32;
  private static final int VOCAB = 64;
  private static final int CONTEXT = 16;
  private static final int EXPERTS = 4;
  private static final int USED = 2;
  private static final int SPLITS = 2;
  private static final int ROTATED = 16;
  private static final int LATENT_ROW = WIDTH + ROTATED;
  private static final long ROW = 4L * WIDTH;
  private static final long ROW_BYTES = 34;
  private static final long EXPERT_BYTES = WIDTH * ROW_BYTES;
  private static final long CACHE = 2L * CONTEXT * WIDTH;
  private static final TensorType Q = TensorType.Q8_0;

  private final PlanBuilder plan = new PlanBuilder();
  private final Slice norm = plan.tensor("norm", TensorType.F32, WIDTH);
  private final ProgramBuilder decode;
  private final Slice x;
  private final Slice angles;

  private FusedPlan() {
    plan.buffer(new PlanBuffer.Constants("frequencies", new byte[8 * ROTATED / 2]))
        .buffer(new PlanBuffer.Kv("kv", 2 * CACHE + 2L * CONTEXT * LATENT_ROW))
        .buffer(new PlanBuffer.Arena("arena", 8192))
        .buffer(new PlanBuffer.State("state", StepState.BYTES))
        .buffer(new PlanBuffer.Io("logits", VOCAB * 4))
        .buffer(new PlanBuffer.Io("ring", StepState.RING_TOKENS * 4))
        .buffer(new PlanBuffer.Tickets("tickets", 2 * 4 * 2));
    decode = plan.program("decode", 1);
    x = decode.value("x", 0, ROW);
    angles = decode.value("angles", 128, 4 * ROTATED);
  }

  /** The plan, with the program decode. */
  static Plan build() {
    FusedPlan fused = new FusedPlan();
    fused.start();
    fused.grouped();
    fused.latent();
    fused.mixture();
    fused.head();
    return fused.plan.build(
        new ModelRef("none", "fused", "", VOCAB, 1, WIDTH, CONTEXT, "q8_0", List.of(60_000L)));
  }

  private void start() {
    decode
        .dispatch("embed_q8_0", "token_embd")
        .bind("w", plan.tensor("token_embd", Q, WIDTH, VOCAB))
        .bind("tokens", plan.all("state").at(0, 4))
        .bind("y", x)
        .args("n_vocab", VOCAB)
        .args(WIDTH, "cols", "y_stride")
        .args("row_bytes", ROW_BYTES);
    decode
        .dispatch("rope_angles", "angles")
        .bind("inv_freq", plan.all("frequencies"))
        .bind("y", angles)
        .args("n_rot", ROTATED)
        .args("magnitude", 1.0f)
        .together();
  }

  private void grouped() {
    Slice q = decode.value("q", 256, ROW);
    Slice k = decode.value("k", 512, ROW);
    Slice v = decode.value("v", 768, ROW);
    DispatchBuilder qkv = linears("qkv", x).bind("norm", norm);
    segment(qkv, 0, plan.tensor("q", Q, WIDTH, WIDTH), Q, WIDTH, ROW_BYTES, q);
    segment(qkv, 1, plan.tensor("k", Q, WIDTH, WIDTH), Q, WIDTH, ROW_BYTES, k);
    segment(qkv, 2, plan.tensor("v", TensorType.F16, WIDTH, WIDTH), TensorType.F16, WIDTH, 64, v);
    Slice keys = plan.all("kv").at(0, CACHE);
    Slice values = plan.all("kv").at(CACHE, CACHE);
    decode
        .dispatch("heads_prepare", "heads")
        .bind("q", q)
        .bind("k", k)
        .bind("v", v)
        .bind("angles", angles)
        .bind("y", q)
        .bind("k_cache", keys)
        .bind("v_cache", values)
        .args(2, "heads", "kv_heads")
        .args(16, "dk", "dv", "n_rot", "q_head_stride", "k_head_stride", "v_head_stride")
        .args("y_head_stride", 16)
        .args(WIDTH, "q_stride", "k_stride", "v_stride", "y_stride")
        .args(WIDTH, "k_row_stride", "v_row_stride")
        .args("capacity", CONTEXT);
    Slice attended = decode.value("attended", 1024, ROW);
    attention("attention", q, keys, values, attended, 2, 16)
        .args(2, "heads", "kv_heads")
        .args(16, "dk", "dv", "q_head_stride", "k_head_stride", "v_head_stride", "y_head_stride")
        .args(WIDTH, "q_stride", "y_stride", "k_row_stride", "v_row_stride");
    DispatchBuilder sum = linears("attn_residual", attended);
    segment(sum, 0, plan.tensor("o", Q, WIDTH, WIDTH), Q, WIDTH, ROW_BYTES, x)
        .bind("residual_0", x)
        .args("residual_0_stride", WIDTH);
  }

  private void latent() {
    Slice q = decode.value("latent_q", 256, 2 * 4 * LATENT_ROW);
    Slice kv = decode.value("latent_kv", 768, 4 * LATENT_ROW);
    DispatchBuilder both = linears("q_kv", x).bind("norm", norm);
    Slice down = plan.tensor("kv_a", Q, WIDTH, LATENT_ROW);
    segment(both, 0, plan.tensor("q_a", Q, WIDTH, 2 * LATENT_ROW), Q, 2 * LATENT_ROW, ROW_BYTES, q);
    segment(both, 1, down, Q, LATENT_ROW, ROW_BYTES, kv);
    Slice rows = decode.value("latent_rows", 1024, 2 * 4 * LATENT_ROW);
    Slice cache = plan.all("kv").at(2 * CACHE, 2L * CONTEXT * LATENT_ROW);
    decode
        .dispatch("latent_prepare", "latent")
        .bind("q", q)
        .bind("kv", kv)
        .bind("norm", norm)
        .bind("angles", angles)
        .bind("w", plan.tensor("k_b", TensorType.F16, WIDTH, WIDTH, 2))
        .type("w", TensorType.F16)
        .bind("y", rows)
        .bind("cache", cache)
        .args("heads", 2)
        .args(WIDTH, "nope", "latent")
        .args("n_rot", ROTATED)
        .args(2 * LATENT_ROW, "q_stride", "y_stride")
        .args(LATENT_ROW, "q_head_stride", "kv_stride", "y_head_stride", "row_stride")
        .args("capacity", CONTEXT)
        .args("row_bytes", 2L * WIDTH)
        .args("head_bytes", 2L * WIDTH * WIDTH);
    Slice attended = decode.value("latent_attended", 1536, ROW);
    attention("latent_attention", rows, cache, cache, attended, 1, WIDTH)
        .bind("value", plan.tensor("v_b", Q, WIDTH, 16, 2))
        .type("value", Q)
        .args("heads", 2)
        .args("kv_heads", 1)
        .args(LATENT_ROW, "dk", "q_head_stride", "k_row_stride", "k_head_stride", "v_row_stride")
        .args(WIDTH, "dv", "v_head_stride", "y_stride")
        .args(16, "value_rows", "y_head_stride")
        .args("q_stride", 2 * LATENT_ROW)
        .args("row_bytes", ROW_BYTES)
        .args("head_bytes", 16 * ROW_BYTES);
  }

  private DispatchBuilder attention(
      String label, Slice q, Slice k, Slice v, Slice y, int kvHeads, int dv) {
    return decode
        .dispatch("split_attention", label)
        .bind("q", q)
        .bind("k", k)
        .bind("v", v)
        .bind("partial", decode.value(label + ".partial", 2048, 4L * 2 * SPLITS * (2 + dv)))
        .bind("tickets", plan.all("tickets").at(0, 8L * kvHeads))
        .bind("y", y)
        .args("splits", SPLITS)
        .args("capacity", CONTEXT)
        .args("scale", 0.25f);
  }

  private void mixture() {
    Slice logits = decode.value("router_logits", 256, 4 * EXPERTS);
    Slice shared = decode.value("shared_x", 512, ROW);
    DispatchBuilder router = linears("router", x).bind("norm", norm);
    Slice routing = plan.tensor("router", TensorType.F32, WIDTH, EXPERTS);
    segment(router, 0, routing, TensorType.F32, EXPERTS, 4L * WIDTH, logits);
    segment(router, 1, plan.tensor("sh_gate", Q, WIDTH, WIDTH), Q, WIDTH, ROW_BYTES, shared)
        .bind("up_1", plan.tensor("sh_up", Q, WIDTH, WIDTH))
        .type("up_1", Q)
        .args("up_1_row_bytes", ROW_BYTES);
    Slice ids = decode.value("ids", 1024, 4 * USED);
    Slice weights = decode.value("weights", 1280, 4 * USED);
    decode
        .dispatch("route", "route")
        .bind("logits", logits)
        .bind("ids", ids)
        .bind("weights", weights)
        .args("n_expert", EXPERTS)
        .args(USED, "n_used", "ids_stride", "weights_stride")
        .args(1, "gating", "norm")
        .args("logits_stride", EXPERTS)
        .args("weight_scale", 1.0f);
    Slice experts = decode.value("experts", 1536, USED * ROW);
    ExpertIndex byId = new ExpertIndex(2, EXPERTS, EXPERT_BYTES, EXPERT_BYTES);
    decode
        .dispatch("expert_gate_up", "experts")
        .bind("gate", plan.tensor("gate", Q, WIDTH, WIDTH, EXPERTS), byId)
        .bind("up", plan.tensor("up", Q, WIDTH, WIDTH, EXPERTS), byId)
        .type("gate", Q)
        .type("up", Q)
        .bind("ids", ids)
        .bind("x", x)
        .bind("norm", norm)
        .bind("y", experts)
        .args("n_expert", EXPERTS)
        .args("n_used", USED)
        .args(WIDTH, "rows", "cols", "x_stride", "y_slot_stride")
        .args("y_stride", USED * WIDTH)
        .args(ROW_BYTES, "gate_row_bytes", "up_row_bytes")
        .args(EXPERT_BYTES, "gate_expert_bytes", "up_expert_bytes");
    decode
        .dispatch("expert_down", "ffn_residual")
        .bind(
            "w",
            plan.tensor("down", Q, WIDTH, WIDTH, EXPERTS),
            new ExpertIndex(1, EXPERTS, EXPERT_BYTES, EXPERT_BYTES))
        .type("w", Q)
        .bind("ids", ids)
        .bind("weights", weights)
        .bind("x", experts)
        .bind("y", x)
        .bind("shared", plan.tensor("sh_down", Q, WIDTH, WIDTH))
        .type("shared", Q)
        .bind("shared_x", shared)
        .bind("residual", x)
        .args("n_expert", EXPERTS)
        .args(USED, "n_used", "weights_stride")
        .args(WIDTH, "rows", "cols", "shared_cols", "x_slot_stride", "y_stride")
        .args(WIDTH, "shared_x_stride", "residual_stride")
        .args("x_stride", USED * WIDTH)
        .args(ROW_BYTES, "w_row_bytes", "shared_row_bytes")
        .args("w_expert_bytes", EXPERT_BYTES);
  }

  private void head() {
    DispatchBuilder output = linears("output", x).bind("norm", norm).args("last_only", 1);
    Slice logits = plan.all("logits");
    segment(output, 0, plan.tensor("output", Q, WIDTH, VOCAB), Q, VOCAB, ROW_BYTES, logits);
    decode
        .dispatch("sample", "sample")
        .bind("logits", logits)
        .bind("tokens", plan.all("state").at(0, 4))
        .bind("scratch", decode.value("scratch", 1024, 8L * VOCAB))
        .args("n_vocab", VOCAB);
    decode
        .dispatch("advance", "advance")
        .bind("ring", plan.all("ring"))
        .args("ring_size", StepState.RING_TOKENS);
  }

  private DispatchBuilder linears(String label, Slice input) {
    return decode
        .dispatch("linears", label)
        .bind("x", input)
        .args(WIDTH, "cols", "x_stride")
        .layer(0);
  }

  private static DispatchBuilder segment(
      DispatchBuilder linears,
      int i,
      Slice weight,
      TensorType type,
      int rows,
      long rowBytes,
      Slice y) {
    return linears
        .bind("w_" + i, weight)
        .type("w_" + i, type)
        .bind("y_" + i, y)
        .args(rows, "rows_" + i, "y_" + i + "_stride")
        .args("w_" + i + "_row_bytes", rowBytes);
  }
}
