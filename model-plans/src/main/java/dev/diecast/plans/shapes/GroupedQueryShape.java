package dev.diecast.plans.shapes;

import dev.diecast.plans.gguf.GgufLayout;
import dev.diecast.plans.gguf.MetaValue;
import java.util.List;
import java.util.Map;

/**
 * The llama and qwen families: grouped-query attention, dense FFN or experts.
 *
 * @param kvHeads key and value heads
 * @param headSize values per head
 * @param tied whether the token embedding serves as output matrix
 * @param extras what the family adds to plain llama
 */
record GroupedQueryShape(
    String name,
    String architecture,
    int layers,
    int width,
    int heads,
    int kvHeads,
    int headSize,
    int hidden,
    Experts experts,
    int vocab,
    boolean tied,
    double epsilon,
    double theta,
    int context,
    Pre pre,
    Extras extras)
    implements KnownShape {
  /** What sets the families apart. */
  enum Extras {
    NONE,
    /** A table of RoPE frequency factors, and head sizes in the metadata. */
    ROPE_FACTORS,
    /** Biases of q, k and v. */
    QKV_BIAS,
    /** Norms of q and k per head, and head sizes in the metadata. */
    QK_NORM
  }

  @Override
  public Map<String, MetaValue> metadata(TypeMix mix) {
    ShapeMetadata meta =
        new ShapeMetadata(architecture, name + " (synthetic weights)", mix).common(this, kvHeads);
    if (extras == Extras.ROPE_FACTORS || extras == Extras.QK_NORM) {
      meta.integer("attention.key_length", headSize).integer("attention.value_length", headSize);
    }
    if (architecture.equals("llama")) {
      meta.integer("rope.dimension_count", headSize).integer("vocab_size", vocab);
    }
    if (experts.count() > 0) {
      meta.integer("expert_count", experts.count())
          .integer("expert_used_count", experts.used())
          .integer("expert_feed_forward_length", experts.width());
    }
    return meta.tokenizer(vocab, pre).entries();
  }

  @Override
  public List<GgufLayout.Spec> tensors(TypeMix mix) {
    ShapeTensors table = new ShapeTensors(mix, layers);
    table.embedding(width, vocab, tied);
    if (extras == Extras.ROPE_FACTORS) {
      table.f32("rope_freqs.weight", headSize / 2);
    }
    for (int i = 0; i < layers; i++) {
      table.layer(i);
      table.f32("attn_norm.weight", width);
      attention(table);
      table.f32("ffn_norm.weight", width);
      if (experts.count() > 0) {
        table.expertFfn(width, experts);
      } else {
        table.denseFfn(width, hidden);
      }
    }
    table.output(width, vocab, tied);
    return table.specs();
  }

  private void attention(ShapeTensors table) {
    long q = (long) heads * headSize;
    long kv = (long) kvHeads * headSize;
    table.matrix("attn_q.weight", width, q);
    table.matrix("attn_k.weight", width, kv);
    table.matrix(TypeMix.Role.SENSITIVE, "attn_v.weight", width, kv);
    if (extras == Extras.QKV_BIAS) {
      table.f32("attn_q.bias", q);
      table.f32("attn_k.bias", kv);
      table.f32("attn_v.bias", kv);
    }
    if (extras == Extras.QK_NORM) {
      table.f32("attn_q_norm.weight", headSize);
      table.f32("attn_k_norm.weight", headSize);
    }
    table.matrix("attn_output.weight", q, width);
  }
}
