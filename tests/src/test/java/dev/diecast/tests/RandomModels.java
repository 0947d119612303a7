package dev.diecast.tests;

import dev.diecast.plans.gguf.TensorType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Small models of every family with random shapes, options and type mixes; the same seed gives the
 * same file.
 */
public final class RandomModels {
  /** What the generator can make. */
  public enum Family {
    LLAMA,
    QWEN2,
    QWEN3,
    QWEN3MOE,
    DEEPSEEK2_LITE,
    DEEPSEEK2_FLASH,
    DEEPSEEK2_DENSE
  }

  private final ModelDraft draft;
  private final int width;
  private final int vocab;

  private RandomModels(ModelDraft draft) {
    this.draft = draft;
    this.width = 32 * draft.between(2, 12);
    this.vocab = draft.between(150, 700);
  }

  /** Writes a model of that family, its matrices of types taken at random from {@code types}. */
  public static Path write(Family family, long seed, List<TensorType> types, Path folder) {
    RandomGenerator random =
        RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 31 + family.name().hashCode());
    String architecture =
        family.name().startsWith("DEEPSEEK2")
            ? "deepseek2"
            : family.name().toLowerCase(Locale.ROOT);
    ModelDraft draft = new ModelDraft(architecture, types, random);
    new RandomModels(draft).describe(family);
    return draft.write(folder.resolve(family + "-" + seed + ".gguf"));
  }

  private void describe(Family family) {
    draft.vocabulary(vocab);
    int layers = draft.between(1, 3);
    int feedForward = 32 * draft.between(1, 16);
    draft.key("block_count", layers);
    draft.key("context_length", 512);
    draft.key("embedding_length", width);
    draft.key("feed_forward_length", feedForward);
    draft.key("attention.layer_norm_rms_epsilon", draft.oneOf(1e-5, 1e-6));
    draft.key("rope.freq_base", draft.oneOf(10000.0, 500000.0, 1.6e6));
    draft.matrix("token_embd.weight", Math.sqrt(width) * 0.7, width, vocab);
    norm("output_norm.weight", width);
    if (draft.coin()) {
      draft.matrix("output.weight", 2, width, vocab);
    }
    switch (family) {
      case LLAMA, QWEN2, QWEN3, QWEN3MOE -> grouped(family, layers, feedForward);
      default -> new RandomLatentModel(draft, width, layers, feedForward).describe(family);
    }
  }

  private void grouped(Family family, int layers, int feedForward) {
    int kvHeads = draft.between(1, 4);
    int heads = kvHeads * draft.between(1, 4);
    int headLength = draft.oneOf(32, 64, 96, 128);
    draft.key("attention.head_count", heads);
    draft.key("attention.head_count_kv", kvHeads);
    draft.key("attention.key_length", headLength);
    draft.key("attention.value_length", headLength);
    draft.key("rope.dimension_count", headLength);
    if (family == Family.LLAMA && draft.coin()) {
      draft.floats("rope_freqs.weight", 2, 0.3, headLength / 2);
    }
    RandomExperts experts = family == Family.QWEN3MOE ? RandomExperts.plain(draft, width) : null;
    for (int layer = 0; layer < layers; layer++) {
      String block = "blk." + layer + ".";
      norm(block + "attn_norm.weight", width);
      draft.matrix(block + "attn_q.weight", 1.2, width, (long) heads * headLength);
      draft.matrix(block + "attn_k.weight", 1.2, width, (long) kvHeads * headLength);
      draft.matrix(block + "attn_v.weight", 1, width, (long) kvHeads * headLength);
      draft.matrix(block + "attn_output.weight", 1, (long) heads * headLength, width);
      if (family == Family.QWEN2) {
        draft.floats(block + "attn_q.bias", 0, 0.5, (long) heads * headLength);
        draft.floats(block + "attn_k.bias", 0, 0.5, (long) kvHeads * headLength);
        draft.floats(block + "attn_v.bias", 0, 0.2, (long) kvHeads * headLength);
      }
      if (family == Family.QWEN3 || family == Family.QWEN3MOE) {
        norm(block + "attn_q_norm.weight", headLength);
        norm(block + "attn_k_norm.weight", headLength);
      }
      norm(block + "ffn_norm.weight", width);
      if (experts == null) {
        dense(draft, block, width, feedForward);
      } else {
        experts.describe(block);
      }
    }
  }

  private void norm(String name, int length) {
    draft.floats(name, 1, 0.15, length);
  }

  /** A dense feed-forward block. */
  static void dense(ModelDraft draft, String block, int width, int feedForward) {
    draft.matrix(block + "ffn_gate.weight", 1, width, feedForward);
    draft.matrix(block + "ffn_up.weight", 1, width, feedForward);
    draft.matrix(block + "ffn_down.weight", 1.5, feedForward, width);
  }
}
