package dev.diecast.tests;

/**
 * The {@code deepseek2} half of {@link RandomModels}: latent attention, dense and expert layers.
 */
final class RandomLatentModel {
  private final ModelDraft draft;
  private final int width;
  private final int layers;
  private final int feedForward;
  private final int heads;
  private final int nope;
  private final int rope;
  private final int value;
  private final int latent;
  private final int queryLatent;
  private final boolean splitKv;

  RandomLatentModel(ModelDraft draft, int width, int layers, int feedForward) {
    this.draft = draft;
    this.width = width;
    this.layers = layers;
    this.feedForward = feedForward;
    this.heads = draft.between(1, 6);
    this.nope = 32 * draft.between(1, 6);
    this.rope = 32 * draft.between(1, 2);
    this.value = 32 * draft.between(1, 4);
    this.latent = 32 * draft.between(1, 16);
    this.queryLatent = draft.coin() ? 32 * draft.between(1, 12) : 0;
    this.splitKv = draft.between(0, 3) > 0;
  }

  void describe(RandomModels.Family family) {
    int dense = family == RandomModels.Family.DEEPSEEK2_DENSE ? layers : draft.between(0, layers);
    keys(family, dense);
    RandomExperts experts = dense < layers ? experts(family) : null;
    for (int layer = 0; layer < layers; layer++) {
      String block = "blk." + layer + ".";
      attention(block);
      draft.floats(block + "ffn_norm.weight", 1, 0.15, width);
      if (experts == null || layer < dense) {
        RandomModels.dense(draft, block, width, feedForward);
      } else {
        experts.describe(block);
      }
    }
  }

  private void keys(RandomModels.Family family, int dense) {
    draft.key("attention.head_count", heads);
    draft.key("attention.head_count_kv", 1);
    draft.key("leading_dense_block_count", dense);
    if (queryLatent > 0 || draft.coin()) {
      draft.key("attention.q_lora_rank", queryLatent);
    }
    draft.key("attention.kv_lora_rank", latent);
    draft.key("attention.key_length", latent + rope);
    draft.key("attention.value_length", latent);
    draft.key("attention.key_length_mla", nope + rope);
    draft.key("attention.value_length_mla", value);
    draft.key("rope.dimension_count", rope);
    if (family == RandomModels.Family.DEEPSEEK2_LITE) {
      draft.key("rope.scaling.type", "yarn");
      draft.key("rope.scaling.factor", 40.0);
      draft.key("rope.scaling.original_context_length", 4096);
      draft.key("rope.scaling.yarn_log_multiplier", 0.0707);
    }
  }

  private RandomExperts experts(RandomModels.Family family) {
    boolean flash = family == RandomModels.Family.DEEPSEEK2_FLASH;
    draft.key("expert_gating_func", flash ? 2 : 1);
    draft.key("expert_weights_norm", flash);
    draft.key("expert_weights_scale", flash ? 1.8 : 1.0);
    return RandomExperts.of(draft, width, draft.between(1, 2), flash);
  }

  private void attention(String block) {
    int head = nope + rope;
    draft.floats(block + "attn_norm.weight", 1, 0.15, width);
    if (queryLatent > 0) {
      draft.matrix(block + "attn_q_a.weight", 1, width, queryLatent);
      draft.floats(block + "attn_q_a_norm.weight", 1, 0.15, queryLatent);
      draft.matrix(block + "attn_q_b.weight", 1.2, queryLatent, (long) heads * head);
    } else {
      draft.matrix(block + "attn_q.weight", 1.2, width, (long) heads * head);
    }
    draft.matrix(block + "attn_kv_a_mqa.weight", 1, width, (long) latent + rope);
    draft.floats(block + "attn_kv_a_norm.weight", 1, 0.15, latent);
    if (splitKv) {
      draft.matrix(block + "attn_k_b.weight", 1, nope, latent, heads);
      draft.matrix(block + "attn_v_b.weight", 1, latent, value, heads);
    } else {
      draft.matrix(block + "attn_kv_b.weight", 1, latent, (long) heads * (nope + value));
    }
    draft.matrix(block + "attn_output.weight", 1, (long) heads * value, width);
  }
}
