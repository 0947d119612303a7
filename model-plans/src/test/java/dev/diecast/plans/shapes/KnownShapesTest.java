package dev.diecast.plans.shapes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KnownShapesTest {
  static List<String> names() {
    return KnownShapes.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyTypeOfEveryShapeIsConsistent(String name) {
    for (String type : KnownShapes.types()) {
      ModelSource model = KnownShapes.find(name + ":" + type);
      String architecture = model.metadata().text("general.architecture");
      long layers = model.metadata().integer(architecture + ".block_count");
      assertThat(model.tensor("blk." + (layers - 1) + ".attn_output.weight")).isPresent();
      assertThat(model.tensor("blk." + layers + ".attn_output.weight")).isEmpty();
      assertThat(model.tensors()).allMatch(tensor -> tensor.type().runnable());
      assertThat(model.tensors())
          .filteredOn(tensor -> tensor.shape().size() == 1)
          .allMatch(tensor -> tensor.type() == TensorType.F32);
      TensorInfo last = model.tensors().getLast();
      assertThat(model.fileBytes().getFirst())
          .isBetween(last.fileOffset() + last.bytes(), last.fileOffset() + last.bytes() + 31);
    }
  }

  /**
   * Parameters in millions, embeddings once, as the models' public configurations add up to; the
   * figures were put down here by hand, not read from any file.
   */
  @ParameterizedTest
  @CsvSource({
    "tinyllama-1.1b, 1100", "llama-3.2-1b, 1236", "qwen2.5-0.5b, 494", "qwen3-0.6b, 596",
    "qwen3-30b-a3b, 30532", "youtu-llm-2b, 1962", "deepseek-v2-lite, 15706", "glm-4.7-flash, 29943"
  })
  void parameterCountsAreTheRealOnes(String name, long millions) {
    long values =
        KnownShapes.find(name + ":f32").tensors().stream()
            .mapToLong(tensor -> tensor.bytes() / Float.BYTES)
            .sum();
    assertThat(values / 1e6).isBetween(millions * 0.998, millions * 1.002);
  }

  @ParameterizedTest
  @CsvSource({
    "tinyllama-1.1b:q4_0, token_embd.weight, Q4_0",
    "tinyllama-1.1b:q4_0, output.weight, Q6_K",
    "tinyllama-1.1b:q8_0, output.weight, Q8_0",
    "tinyllama-1.1b:q4_k_m, blk.0.attn_v.weight, Q6_K",
    "tinyllama-1.1b:q4_k_m, blk.2.attn_v.weight, Q4_K",
    "tinyllama-1.1b:q4_k_m, blk.4.ffn_down.weight, Q6_K",
    "tinyllama-1.1b:q4_k_m, blk.21.ffn_down.weight, Q6_K",
    "tinyllama-1.1b:q4_k_m, blk.0.ffn_up.weight, Q4_K",
    "tinyllama-1.1b:bf16, blk.0.ffn_up.weight, BF16",
    "llama-3.2-1b:q4_0, token_embd.weight, Q6_K",
    "llama-3.2-1b:f16, rope_freqs.weight, F32",
    "qwen2.5-0.5b:q4_0, token_embd.weight, Q8_0",
    "qwen2.5-0.5b:q4_k_m, blk.5.attn_q.weight, Q5_0",
    "qwen2.5-0.5b:q4_k_m, blk.0.attn_v.weight, Q8_0",
    "qwen2.5-0.5b:q5_k_m, blk.5.attn_q.weight, Q5_1",
    "qwen2.5-0.5b:q4_0, blk.0.attn_q.bias, F32",
    "qwen3-30b-a3b:q4_0, blk.7.ffn_gate_inp.weight, F32",
    "deepseek-v2-lite:q4_k_m, blk.5.ffn_down_exps.weight, Q8_0",
    "deepseek-v2-lite:q4_k_m, blk.4.ffn_down_exps.weight, Q5_0",
    "glm-4.7-flash:q4_k_m, blk.9.attn_k_b.weight, Q5_0",
    "glm-4.7-flash:q4_0, blk.9.attn_k_b.weight, Q4_0",
    "glm-4.7-flash:q4_0, blk.9.exp_probs_b.bias, F32"
  })
  void typesMixAsInRealFiles(String spec, String tensor, TensorType type) {
    assertThat(KnownShapes.find(spec).tensor(tensor))
        .get()
        .extracting(TensorInfo::type)
        .isEqualTo(type);
  }

  /**
   * About what public files of these types take, in megabytes, put down by hand: they bound a
   * mistake in the mix of types, no more. Real vocabularies take a few more than ours.
   */
  @ParameterizedTest
  @CsvSource({
    "tinyllama-1.1b:q4_0, 638", "tinyllama-1.1b:q8_0, 1171", "tinyllama-1.1b:q4_k_m, 669",
    "llama-3.2-1b:q4_k_m, 808", "qwen2.5-0.5b:q4_k_m, 398", "qwen3-0.6b:q4_k_m, 397",
    "qwen3-30b-a3b:q4_k_m, 18557", "deepseek-v2-lite:q4_k_m, 10364"
  })
  void filesAreAsLargeAsRealOnes(String spec, long megabytes) {
    assertThat(KnownShapes.find(spec).fileBytes().getFirst() / 1e6)
        .isBetween(megabytes * 0.985, megabytes * 1.001);
  }

  /** What parameter counts do not show; families and figures from the published configurations. */
  @ParameterizedTest
  @CsvSource({
    "tinyllama-1.1b, llama, 22, 32, 4, 1e-5, 1e4, 2048",
    "llama-3.2-1b, llama, 16, 32, 8, 1e-5, 5e5, 131072",
    "qwen2.5-0.5b, qwen2, 24, 14, 2, 1e-6, 1e6, 32768",
    "qwen3-0.6b, qwen3, 28, 16, 8, 1e-6, 1e6, 40960",
    "qwen3-30b-a3b, qwen3moe, 48, 32, 4, 1e-6, 1e6, 40960",
    "youtu-llm-2b, deepseek2, 32, 16, 1, 1e-6, 1.6e6, 131072",
    "deepseek-v2-lite, deepseek2, 27, 16, 1, 1e-6, 1e4, 163840",
    "glm-4.7-flash, deepseek2, 47, 20, 1, 1e-5, 1e6, 202752"
  })
  void hyperParametersAreTheRealOnes(
      String name,
      String family,
      long layers,
      long heads,
      long kvHeads,
      float epsilon,
      float theta,
      long context) {
    Metadata metadata = KnownShapes.find(name + ":q4_0").metadata();
    assertThat(metadata.text("general.architecture")).isEqualTo(family);
    assertThat(metadata.integer(family + ".block_count")).isEqualTo(layers);
    assertThat(metadata.integer(family + ".attention.head_count")).isEqualTo(heads);
    assertThat(metadata.integer(family + ".attention.head_count_kv")).isEqualTo(kvHeads);
    assertThat((float) metadata.number(family + ".attention.layer_norm_rms_epsilon"))
        .isEqualTo(epsilon);
    assertThat((float) metadata.number(family + ".rope.freq_base")).isEqualTo(theta);
    assertThat(metadata.integer(family + ".context_length")).isEqualTo(context);
  }

  @Test
  void latentAttentionHasItsTensors() {
    ModelSource glm = KnownShapes.find("glm-4.7-flash:q4_0");
    assertThat(shape(glm, "blk.3.attn_q_b.weight")).containsExactly(768L, 20 * 256L);
    assertThat(shape(glm, "blk.3.attn_kv_a_mqa.weight")).containsExactly(2048L, 576L);
    assertThat(shape(glm, "blk.3.attn_k_b.weight")).containsExactly(192L, 512L, 20L);
    assertThat(shape(glm, "blk.3.attn_v_b.weight")).containsExactly(512L, 256L, 20L);
    assertThat(shape(glm, "blk.3.ffn_down_exps.weight")).containsExactly(1536L, 2048L, 64L);
    assertThat(glm.tensor("blk.0.ffn_down_exps.weight")).isEmpty();
    assertThat(glm.metadata().number("deepseek2.expert_weights_scale"))
        .isEqualTo(1.8, org.assertj.core.data.Offset.offset(1e-6));
    ModelSource lite = KnownShapes.find("deepseek-v2-lite:f16");
    assertThat(lite.tensor("blk.0.attn_q.weight")).isPresent();
    assertThat(lite.metadata().find("deepseek2.attention.q_lora_rank")).isEmpty();
    assertThat(lite.metadata().text("deepseek2.rope.scaling.type")).isEqualTo("yarn");
  }

  @ParameterizedTest
  @MethodSource("names")
  void vocabularyIsValid(String name) {
    ModelSource model = KnownShapes.find(name + ":f16");
    List<String> tokens = texts(model, "tokenizer.ggml.tokens");
    Set<String> distinct = new HashSet<>(tokens);
    assertThat(distinct.size()).isEqualTo(tokens.size());
    assertThat((long) tokens.size())
        .isEqualTo(model.tensor("token_embd.weight").orElseThrow().dim(1));
    for (String merge : texts(model, "tokenizer.ggml.merges")) {
      int space = merge.indexOf(' ');
      String left = merge.substring(0, space);
      String right = merge.substring(space + 1);
      assertThat(distinct.containsAll(List.of(left, right, left + right))).as(merge).isTrue();
    }
    assertThat(tokens.subList(0, 256)).allMatch(token -> token.length() == 1);
    long eos = model.metadata().integer("tokenizer.ggml.eos_token_id");
    assertThat(tokens.get((int) eos)).isEqualTo("<|eos|>");
  }

  @Test
  void whatIsNotKnownIsSaidWithTheChoices() {
    assertThatThrownBy(() -> KnownShapes.find("gpt-5:q4_0"))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("'gpt-5' is no known shape")
        .hasMessageContaining("glm-4.7-flash");
    assertThatThrownBy(() -> KnownShapes.find("qwen3-0.6b"))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("needs a type");
    assertThatThrownBy(() -> KnownShapes.find("qwen3-0.6b:q3_k"))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("'q3_k' is no type of file");
    assertThat(KnownShapes.isKnown("qwen3-0.6b:q3_k")).isTrue();
    assertThat(KnownShapes.isKnown("model.gguf")).isFalse();
  }

  private static List<Long> shape(ModelSource model, String tensor) {
    return model.tensor(tensor).orElseThrow().shape();
  }

  private static List<String> texts(ModelSource model, String key) {
    return ((MetaValue.Texts) model.metadata().find(key).orElseThrow()).values();
  }
}
