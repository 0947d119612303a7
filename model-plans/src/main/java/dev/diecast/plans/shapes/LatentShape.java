package dev.diecast.plans.shapes;

import dev.diecast.plans.gguf.GgufLayout;
import dev.diecast.plans.gguf.MetaValue;
import java.util.List;
import java.util.Map;

/**
 * The deepseek2 family: multi-head latent attention, the first layers dense, the others experts.
 *
 * @param qRank rank of the query projection; 0 for a plain one
 * @param kvRank width of the latent that the cache holds
 * @param nope values per query head without position
 * @param rope values per query head with position, shared by all heads in the keys
 * @param value values per value head
 * @param dense leading layers with a dense FFN
 * @param tied whether the token embedding serves as output matrix
 * @param yarnFactor context extension by YaRN from 4096 tokens; 0 for none
 */
record LatentShape(
    String name,
    int layers,
    int width,
    int heads,
    int qRank,
    int kvRank,
    int nope,
    int rope,
    int value,
    int hidden,
    int dense,
    Experts experts,
    int vocab,
    boolean tied,
    double epsilon,
    double theta,
    int context,
    double yarnFactor,
    Pre pre)
    implements KnownShape {
  @Override
  public String architecture() {
    return "deepseek2";
  }

  @Override
  public Map<String, MetaValue> metadata(TypeMix mix) {
    ShapeMetadata meta =
        new ShapeMetadata(architecture(), name + " (synthetic weights)", mix)
            .common(this, 1)
            .integer("vocab_size", vocab)
            .integer("leading_dense_block_count", dense);
    if (qRank > 0) {
      meta.integer("attention.q_lora_rank", qRank);
    }
    meta.integer("attention.kv_lora_rank", kvRank)
        .integer("attention.key_length", kvRank + rope)
        .integer("attention.value_length", kvRank)
        .integer("attention.key_length_mla", nope + rope)
        .integer("attention.value_length_mla", value)
        .integer("rope.dimension_count", rope);
    routing(meta);
    if (yarnFactor > 0) {
      meta.text("rope.scaling.type", "yarn")
          .number("rope.scaling.factor", yarnFactor)
          .integer("rope.scaling.original_context_length", 4096)
          .number("rope.scaling.yarn_log_multiplier", 0.0707);
    }
    return meta.tokenizer(vocab, pre).entries();
  }

  private void routing(ShapeMetadata meta) {
    boolean sparse = experts.count() > 0;
    meta.integer("expert_feed_forward_length", sparse ? experts.width() : hidden)
        .integer("expert_shared_count", experts.shared());
    if (sparse) {
      boolean sigmoid = experts.gating() == Experts.Gating.SIGMOID_WITH_BIAS;
      meta.integer("expert_count", experts.count())
          .integer("expert_used_count", experts.used())
          .number("expert_weights_scale", experts.scale())
          .flag("expert_weights_norm", sigmoid)
          .integer("expert_group_count", 1)
          .integer("expert_group_used_count", 1)
          .integer("expert_gating_func", sigmoid ? 2 : 1);
    }
  }

  @Override
  public List<GgufLayout.Spec> tensors(TypeMix mix) {
    ShapeTensors table = new ShapeTensors(mix, layers);
    table.embedding(width, vocab, tied);
    for (int i = 0; i < layers; i++) {
      table.layer(i);
      table.f32("attn_norm.weight", width);
      attention(table);
      table.f32("ffn_norm.weight", width);
      if (i < dense) {
        table.denseFfn(width, hidden);
      } else {
        table.expertFfn(width, experts);
      }
    }
    table.output(width, vocab, tied);
    return table.specs();
  }

  private void attention(ShapeTensors table) {
    long q = (long) heads * (nope + rope);
    if (qRank > 0) {
      table.matrix("attn_q_a.weight", width, qRank);
      table.f32("attn_q_a_norm.weight", qRank);
      table.matrix("attn_q_b.weight", qRank, q);
    } else {
      table.matrix("attn_q.weight", width, q);
    }
    table.matrix("attn_kv_a_mqa.weight", width, kvRank + rope);
    table.f32("attn_kv_a_norm.weight", kvRank);
    table.matrix("attn_k_b.weight", nope, kvRank, heads);
    table.matrix("attn_v_b.weight", kvRank, value, heads);
    table.matrix("attn_output.weight", (long) heads * value, width);
  }
}
