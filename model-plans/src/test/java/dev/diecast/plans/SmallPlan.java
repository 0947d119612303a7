package dev.diecast.plans;

import dev.diecast.plans.PlanBuilder.ProgramBuilder;
import dev.diecast.plans.PlanBuilder.Slice;
import dev.diecast.plans.gguf.TensorType;
import java.util.List;

/**
 * A sound plan of a model with one layer: attention and a mixture of four experts, two in use. The
 * last two projections of attention run together, and the experts' sum works in place.
 */
public final class SmallPlan {
  /** Width of the residual stream. */
  public static final int WIDTH = 32;

  private static final int VOCAB = 64;
  private static final int CONTEXT = 16;
  private static final int EXPERTS = 4;
  private static final int USED = 2;
  private static final int SPLITS = 2;
  private static final long ROW_BYTES = 34;
  private static final long EXPERT_BYTES = WIDTH * ROW_BYTES;
  private static final long CACHE_BYTES = CONTEXT * WIDTH * 2L;

  private final PlanBuilder plan = new PlanBuilder();
  private final Slice embedding = plan.tensor("token_embd.weight", TensorType.Q8_0, WIDTH, VOCAB);
  private final Slice norm = plan.tensor("blk.0.attn_norm.weight", TensorType.F32, WIDTH);
  private final Slice q = plan.tensor("blk.0.attn_q.weight", TensorType.Q8_0, WIDTH, WIDTH);
  private final Slice k = plan.tensor("blk.0.attn_k.weight", TensorType.Q8_0, WIDTH, WIDTH);
  private final Slice v = plan.tensor("blk.0.attn_v.weight", TensorType.Q8_0, WIDTH, WIDTH);
  private final Slice router =
      plan.tensor("blk.0.ffn_gate_inp.weight", TensorType.F32, WIDTH, EXPERTS);
  private final Slice experts =
      plan.tensor("blk.0.ffn_up_exps.weight", TensorType.Q8_0, WIDTH, WIDTH, EXPERTS);
  private final Slice outputNorm = plan.tensor("output_norm.weight", TensorType.F32, WIDTH);
  private final Slice output = plan.tensor("output.weight", TensorType.Q8_0, WIDTH, VOCAB);

  private SmallPlan() {
    plan.buffer(new PlanBuffer.Constants("ones", new byte[128]))
        .buffer(new PlanBuffer.Kv("kv", 2 * CACHE_BYTES))
        .buffer(new PlanBuffer.Arena("arena", 8192))
        .buffer(new PlanBuffer.State("state", StepState.BYTES))
        .buffer(new PlanBuffer.Io("logits", VOCAB * 4))
        .buffer(new PlanBuffer.Io("prompt", 4 * 4))
        .buffer(new PlanBuffer.Io("ring", StepState.RING_TOKENS * 4));
  }

  /** The plan, with the programs decode and prefill-4. */
  public static Plan build() {
    SmallPlan small = new SmallPlan();
    small.program("decode", 1);
    small.program("prefill-4", 4);
    return small.plan.build(
        new ModelRef("qwen3moe", "small", "", VOCAB, 1, WIDTH, CONTEXT, "q8_0", List.of(20_000L)));
  }

  private void program(String name, int tokens) {
    ProgramBuilder program = plan.program(name, tokens);
    long row = 4L * WIDTH * tokens;
    Slice tokenIds = tokens == 1 ? plan.all("state").at(0, 4) : plan.all("prompt");
    Slice x = program.value("x", 0, row);
    Slice h = program.value("h", 512, row);
    attention(program, row, tokenIds, x, h);
    mixture(program, tokens, x);
    head(program, tokens, tokenIds, x);
  }

  private void attention(ProgramBuilder program, long row, Slice tokenIds, Slice x, Slice h) {
    program
        .dispatch("embed_q8_0", "token_embd")
        .bind("w", embedding)
        .bind("tokens", tokenIds)
        .bind("y", x)
        .args("n_vocab", VOCAB)
        .args(WIDTH, "cols", "y_stride")
        .args("row_bytes", ROW_BYTES);
    norm(program, "blk.0.attn_norm", norm, x, h, 0);
    Slice query = program.value("blk.0.attn_q", 1024, row);
    Slice key = program.value("blk.0.attn_k", 1536, row);
    Slice value = program.value("blk.0.attn_v", 2048, row);
    gemv(program, "blk.0.attn_q", q, h, query);
    gemv(program, "blk.0.attn_k", k, h, key).together();
    gemv(program, "blk.0.attn_v", v, h, value).together();
    Slice keys = plan.all("kv").at(0, CACHE_BYTES);
    Slice values = plan.all("kv").at(CACHE_BYTES, CACHE_BYTES);
    kvWrite(program, "blk.0.k", key, keys);
    kvWrite(program, "blk.0.v", value, values).together();
    Slice partial =
        program.value("blk.0.partial", 2560, row / 4 / WIDTH * SPLITS * 4 * (2 + WIDTH));
    program
        .dispatch("attention", "blk.0.attention")
        .bind("q", query)
        .bind("k", keys)
        .bind("v", values)
        .bind("partial", partial)
        .args(1, "heads", "kv_heads")
        .args(WIDTH, "dk", "dv", "q_stride", "q_head_stride")
        .args(WIDTH, "k_row_stride", "k_head_stride", "v_row_stride", "v_head_stride")
        .args("splits", SPLITS)
        .args("capacity", CONTEXT)
        .args("scale", 0.176f)
        .layer(0);
    Slice attended = program.value("blk.0.attended", 1024, row);
    program
        .dispatch("attention_combine", "blk.0.attended")
        .bind("partial", partial)
        .bind("y", attended)
        .args("heads", 1)
        .args("splits", SPLITS)
        .args(WIDTH, "dv", "y_stride", "y_head_stride")
        .layer(0);
    program
        .dispatch("add", "blk.0.attn_residual")
        .bind("a", x)
        .bind("b", attended)
        .bind("y", x)
        .args(WIDTH, "n", "a_stride", "b_stride", "y_stride")
        .layer(0);
  }

  private void mixture(ProgramBuilder program, int tokens, Slice x) {
    Slice logits = program.value("blk.0.router", 512, 4L * EXPERTS * tokens);
    program
        .dispatch("gemv_f32", "blk.0.ffn_gate_inp")
        .bind("w", router)
        .bind("x", x)
        .bind("y", logits)
        .args(EXPERTS, "rows", "y_stride")
        .args(WIDTH, "cols", "x_stride")
        .args("row_bytes", 4L * WIDTH)
        .layer(0);
    Slice ids = program.value("blk.0.ids", 1024, 4L * USED * tokens);
    Slice weights = program.value("blk.0.weights", 1536, 4L * USED * tokens);
    program
        .dispatch("route", "blk.0.route")
        .bind("logits", logits)
        .bind("ids", ids)
        .bind("weights", weights)
        .args("n_expert", EXPERTS)
        .args(USED, "n_used", "ids_stride", "weights_stride")
        .args(1, "gating", "norm")
        .args("logits_stride", EXPERTS)
        .args("weight_scale", 1.0f)
        .layer(0);
    Slice up = program.value("blk.0.experts", 2560, 4L * WIDTH * USED * tokens);
    program
        .dispatch("expert_gemv_q8_0", "blk.0.ffn_up_exps")
        .bind("w", experts, new Dispatch.ExpertIndex(1, EXPERTS, EXPERT_BYTES, EXPERT_BYTES))
        .bind("ids", ids)
        .bind("x", x)
        .bind("y", up)
        .args("n_expert", EXPERTS)
        .args("n_used", USED)
        .args(WIDTH, "rows", "cols", "x_stride", "y_slot_stride")
        .args("y_stride", WIDTH * USED)
        .args("row_bytes", ROW_BYTES)
        .args("expert_bytes", EXPERT_BYTES)
        .layer(0);
    program
        .dispatch("expert_combine", "blk.0.ffn_residual")
        .bind("x", up)
        .bind("weights", weights)
        .bind("y", x)
        .bind("residual", x)
        .args(USED, "n_used", "weights_stride")
        .args(WIDTH, "n", "x_slot_stride", "y_stride", "residual_stride")
        .args("x_stride", WIDTH * USED)
        .layer(0);
  }

  private void head(ProgramBuilder program, int tokens, Slice tokenIds, Slice x) {
    Slice last = program.value("last", 512, 4L * WIDTH);
    norm(program, "output_norm", outputNorm, x, last, 1);
    program
        .dispatch("gemv_q8_0", "output")
        .bind("w", output)
        .bind("x", last)
        .bind("y", plan.all("logits"))
        .args("n_tokens", 1)
        .args(VOCAB, "rows", "y_stride")
        .args(WIDTH, "cols", "x_stride")
        .args("row_bytes", ROW_BYTES);
    program
        .dispatch("sample", "sample")
        .bind("logits", plan.all("logits"))
        .bind("tokens", tokenIds)
        .bind("scratch", program.value("scratch", 1024, 8L * VOCAB))
        .args("n_vocab", VOCAB);
    program
        .dispatch("advance", "advance")
        .bind("ring", plan.all("ring"))
        .args("n_tokens", tokens)
        .args("ring_size", StepState.RING_TOKENS);
  }

  private PlanBuilder.DispatchBuilder gemv(
      ProgramBuilder program, String label, Slice w, Slice x, Slice y) {
    return program
        .dispatch("gemv_q8_0", label)
        .bind("w", w)
        .bind("x", x)
        .bind("y", y)
        .args(WIDTH, "rows", "cols", "x_stride", "y_stride")
        .args("row_bytes", ROW_BYTES)
        .layer(0);
  }

  private static void norm(
      ProgramBuilder program, String label, Slice w, Slice x, Slice y, int lastOnly) {
    program
        .dispatch("rms_norm", label)
        .bind("x", x)
        .bind("w", w)
        .bind("y", y)
        .args("heads", 1)
        .args(WIDTH, "n", "x_stride", "x_head_stride", "y_stride", "y_head_stride")
        .args("last_only", lastOnly)
        .args("eps", 1e-6f);
  }

  private static PlanBuilder.DispatchBuilder kvWrite(
      ProgramBuilder program, String label, Slice x, Slice cache) {
    return program
        .dispatch("kv_write", label)
        .bind("x", x)
        .bind("cache", cache)
        .args(WIDTH, "n", "x_stride", "row_stride")
        .args("capacity", CONTEXT)
        .layer(0);
  }
}
