package dev.diecast.capture;

import dev.diecast.plans.gguf.TensorType;
import java.util.List;

/** Models of every shape that lowering must place without a copy. */
public final class TestModels {
  private static final TensorType Q = TensorType.Q4_0;

  private TestModels() {}

  /** One of each. */
  public static List<TestModel> all() {
    return List.of(
        grouped("llama", 2, 64, 4, 2, 16, 96, 320),
        grouped("qwen2", 2, 64, 4, 2, 16, 96, 320),
        grouped("qwen3", 2, 64, 4, 2, 32, 96, 320),
        grouped("qwen3moe", 2, 64, 4, 2, 32, 0, 320),
        latent(3, 64, 4, 0, 32, 16, 32, 32, 96, 8, 2, 32, 320),
        latent(3, 64, 4, 64, 32, 16, 32, 32, 96, 8, 2, 32, 320));
  }

  /** GLM-4.7-Flash in full. */
  public static TestModel glm() {
    return latent(47, 2048, 20, 768, 512, 64, 192, 256, 10240, 64, 4, 1536, 154880);
  }

  /** A family with grouped-query attention; {@code hidden} 0 makes mixture layers. */
  public static TestModel grouped(
      String architecture,
      int layers,
      int width,
      int heads,
      int kvHeads,
      int headLength,
      int hidden,
      int vocab) {
    TestModel model = backbone(architecture, layers, width, vocab);
    model.with("attention.head_count", (long) heads);
    model.with("attention.head_count_kv", (long) kvHeads);
    model.with("attention.key_length", (long) headLength);
    model.with("attention.value_length", (long) headLength);
    if (hidden == 0) {
      model.with("expert_count", 8L).with("expert_used_count", 3L);
      model.with("expert_feed_forward_length", 32L);
    } else {
      model.with("feed_forward_length", (long) hidden);
    }
    for (int layer = 0; layer < layers; layer++) {
      String p = "blk." + layer + ".";
      model.vector(p + "attn_norm.weight", width);
      projection(model, p + "attn_q", width, heads * headLength);
      projection(model, p + "attn_k", width, kvHeads * headLength);
      projection(model, p + "attn_v", width, kvHeads * headLength);
      if (architecture.startsWith("qwen3")) {
        model.vector(p + "attn_q_norm.weight", headLength);
        model.vector(p + "attn_k_norm.weight", headLength);
      }
      model.tensor(p + "attn_output.weight", Q, (long) heads * headLength, width);
      model.vector(p + "ffn_norm.weight", width);
      if (hidden == 0) {
        experts(model, p, width, 8, 32);
      } else {
        dense(model, p, "", width, hidden);
      }
    }
    return model;
  }

  /** Latent attention, one dense layer, then mixtures with a shared expert. */
  public static TestModel latent(
      int layers,
      int width,
      int heads,
      int queryRank,
      int latent,
      int rope,
      int nope,
      int value,
      int hidden,
      int experts,
      int used,
      int expertHidden,
      int vocab) {
    TestModel model = backbone("deepseek2", layers, width, vocab);
    model.with("attention.head_count", (long) heads).with("attention.head_count_kv", 1L);
    model.with("attention.key_length", (long) latent + rope);
    model.with("attention.value_length", (long) latent);
    model.with("attention.key_length_mla", (long) nope + rope);
    model.with("attention.value_length_mla", (long) value);
    model.with("attention.kv_lora_rank", (long) latent);
    model.with("attention.q_lora_rank", (long) queryRank);
    model.with("rope.dimension_count", (long) rope);
    model.with("feed_forward_length", (long) hidden);
    model.with("leading_dense_block_count", 1L);
    model.with("expert_count", (long) experts).with("expert_used_count", (long) used);
    model.with("expert_feed_forward_length", (long) expertHidden);
    model.with("expert_shared_count", 1L);
    model.with("expert_gating_func", 2L);
    model.with("expert_weights_norm", true).with("expert_weights_scale", 1.8);
    for (int layer = 0; layer < layers; layer++) {
      String p = "blk." + layer + ".";
      int queries = heads * (nope + rope);
      model.vector(p + "attn_norm.weight", width);
      if (queryRank == 0) {
        model.tensor(p + "attn_q.weight", Q, width, queries);
      } else {
        model.tensor(p + "attn_q_a.weight", Q, width, queryRank);
        model.vector(p + "attn_q_a_norm.weight", queryRank);
        model.tensor(p + "attn_q_b.weight", Q, queryRank, queries);
      }
      model.tensor(p + "attn_kv_a_mqa.weight", Q, width, latent + rope);
      model.vector(p + "attn_kv_a_norm.weight", latent);
      model.tensor(p + "attn_k_b.weight", Q, nope, latent, heads);
      model.tensor(p + "attn_v_b.weight", Q, latent, value, heads);
      model.tensor(p + "attn_output.weight", Q, (long) heads * value, width);
      model.vector(p + "ffn_norm.weight", width);
      if (layer == 0) {
        dense(model, p, "", width, hidden);
      } else {
        experts(model, p, width, experts, expertHidden);
        model.vector(p + "exp_probs_b.bias", experts);
        dense(model, p, "_shexp", width, expertHidden);
      }
    }
    return model;
  }

  private static TestModel backbone(String architecture, int layers, int width, int vocab) {
    return new TestModel(architecture)
        .with("block_count", (long) layers)
        .with("embedding_length", (long) width)
        .with("context_length", 512L)
        .with("attention.layer_norm_rms_epsilon", 1e-5)
        .with("rope.freq_base", 10000.0)
        .tensor("token_embd.weight", Q, width, vocab)
        .vector("output_norm.weight", width)
        .tensor("output.weight", TensorType.Q8_0, width, vocab);
  }

  private static void projection(TestModel model, String name, int in, int out) {
    model.tensor(name + ".weight", Q, in, out);
    if (model.location().endsWith("qwen2")) {
      model.vector(name + ".bias", out);
    }
  }

  private static void dense(TestModel model, String p, String suffix, int width, int hidden) {
    model.tensor(p + "ffn_gate" + suffix + ".weight", Q, width, hidden);
    model.tensor(p + "ffn_up" + suffix + ".weight", Q, width, hidden);
    model.tensor(p + "ffn_down" + suffix + ".weight", Q, hidden, width);
  }

  private static void experts(TestModel model, String p, int width, int count, int hidden) {
    model.tensor(p + "ffn_gate_inp.weight", TensorType.F32, width, count);
    model.tensor(p + "ffn_gate_exps.weight", Q, width, hidden, count);
    model.tensor(p + "ffn_up_exps.weight", Q, width, hidden, count);
    model.tensor(p + "ffn_down_exps.weight", Q, hidden, width, count);
  }
}
