package dev.diecast.capture.arch;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** A model of a few elements per dimension that tests can bend; its weights come from names. */
public final class TinyModel implements ModelSource {
  public static final int VOCAB = 11;
  public static final int WIDTH = 12;

  private final String architecture;
  private final Map<String, MetaValue> metadata = new LinkedHashMap<>();
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

  private TinyModel(String architecture) {
    this.architecture = architecture;
    metadata.put("general.architecture", new MetaValue.Text(architecture));
    set("block_count", 2);
    set("embedding_length", WIDTH);
    set("attention.layer_norm_rms_epsilon", 1e-5);
    set("rope.freq_base", 10000.0);
    set("context_length", 1 << 20);
    tensor("token_embd.weight", WIDTH, VOCAB);
    tensor("output_norm.weight", WIDTH);
  }

  public static List<TinyModel> all() {
    return List.of(
        llama(), llamaWithExperts(), qwen2(), qwen3(), qwen3moe(), lite(), flash(), youtu());
  }

  public static TinyModel llama() {
    TinyModel model = new TinyModel("llama").groupedQueries().output();
    model.set("feed_forward_length", 20);
    return model.eachLayer(model::dense);
  }

  public static TinyModel llamaWithExperts() {
    TinyModel model = new TinyModel("llama").groupedQueries().output().experts(20);
    model.set("feed_forward_length", 20);
    return model;
  }

  public static TinyModel qwen2() {
    TinyModel model = new TinyModel("qwen2").groupedQueries();
    model.set("feed_forward_length", 20);
    model.eachLayer(model::dense);
    return model.eachLayer(p -> {
      model.tensor(p + "attn_q.bias", 24);
      model.tensor(p + "attn_k.bias", 12);
      model.tensor(p + "attn_v.bias", 12);
    });
  }

  public static TinyModel qwen3() {
    TinyModel model = new TinyModel("qwen3").groupedQueries().headNorms();
    model.set("feed_forward_length", 20);
    return model.eachLayer(model::dense);
  }

  public static TinyModel qwen3moe() {
    TinyModel model = new TinyModel("qwen3moe").groupedQueries().headNorms().output().experts(7);
    model.set("expert_feed_forward_length", 7);
    return model;
  }

  /** Like DeepSeek-V2-Lite: no query bottleneck, softmax, YaRN, one dense layer. */
  public static TinyModel lite() {
    TinyModel model = new TinyModel("deepseek2").latent(false).output();
    model.set("attention.q_lora_rank", 0);
    model.mixed();
    model.set("rope.scaling.type", "yarn");
    model.set("rope.scaling.factor", 40.0);
    model.set("rope.scaling.original_context_length", 4096);
    model.set("rope.scaling.yarn_log_multiplier", 0.0707);
    return model;
  }

  /** Like GLM-4.7-Flash: query bottleneck, sigmoid with bias, normalised and scaled. */
  public static TinyModel flash() {
    TinyModel model = new TinyModel("deepseek2").latent(true).output();
    model.mixed();
    model.set("expert_gating_func", 2);
    model.set("expert_weights_norm", true);
    model.set("expert_weights_scale", 1.8);
    model.tensor("blk.1.exp_probs_b.bias", 5);
    return model;
  }

  /** Like Youtu-LLM: all layers dense, tied. */
  public static TinyModel youtu() {
    TinyModel model = new TinyModel("deepseek2").latent(true);
    model.set("leading_dense_block_count", 2);
    model.set("feed_forward_length", 20);
    return model.eachLayer(model::dense);
  }

  private TinyModel output() {
    return tensor("output.weight", WIDTH, VOCAB);
  }

  private TinyModel groupedQueries() {
    set("attention.head_count", 4);
    set("attention.head_count_kv", 2);
    set("attention.key_length", 6);
    set("attention.value_length", 6);
    set("rope.dimension_count", 6);
    return eachLayer(p -> {
      tensor(p + "attn_norm.weight", WIDTH);
      tensor(p + "attn_q.weight", WIDTH, 24);
      tensor(p + "attn_k.weight", WIDTH, 12);
      tensor(p + "attn_v.weight", WIDTH, 12);
      tensor(p + "attn_output.weight", 24, WIDTH);
      tensor(p + "ffn_norm.weight", WIDTH);
    });
  }

  private TinyModel headNorms() {
    return eachLayer(p -> {
      tensor(p + "attn_q_norm.weight", 6);
      tensor(p + "attn_k_norm.weight", 6);
    });
  }

  /** 3 heads of 6 + 4 columns, values of 5, a latent of 8. */
  private TinyModel latent(boolean bottleneck) {
    set("attention.head_count", 3);
    set("attention.head_count_kv", 1);
    set("attention.key_length", 12);
    set("attention.value_length", 8);
    set("attention.key_length_mla", 10);
    set("attention.value_length_mla", 5);
    set("attention.kv_lora_rank", 8);
    set("rope.dimension_count", 4);
    if (bottleneck) {
      set("attention.q_lora_rank", 9);
    }
    return eachLayer(p -> {
      tensor(p + "attn_norm.weight", WIDTH);
      if (bottleneck) {
        tensor(p + "attn_q_a.weight", WIDTH, 9);
        tensor(p + "attn_q_a_norm.weight", 9);
        tensor(p + "attn_q_b.weight", 9, 30);
      } else {
        tensor(p + "attn_q.weight", WIDTH, 30);
      }
      tensor(p + "attn_kv_a_mqa.weight", WIDTH, 12);
      tensor(p + "attn_kv_a_norm.weight", 8);
      tensor(p + "attn_k_b.weight", 6, 8, 3);
      tensor(p + "attn_v_b.weight", 8, 5, 3);
      tensor(p + "attn_output.weight", 15, WIDTH);
      tensor(p + "ffn_norm.weight", WIDTH);
    });
  }

  private void dense(String p) {
    tensor(p + "ffn_gate.weight", WIDTH, 20);
    tensor(p + "ffn_up.weight", WIDTH, 20);
    tensor(p + "ffn_down.weight", 20, WIDTH);
  }

  private TinyModel experts(int hidden) {
    set("expert_count", 5);
    set("expert_used_count", 2);
    return eachLayer(p -> experts(p, hidden));
  }

  private void experts(String p, int hidden) {
    tensor(p + "ffn_gate_inp.weight", WIDTH, 5);
    tensor(p + "ffn_gate_exps.weight", WIDTH, hidden, 5);
    tensor(p + "ffn_up_exps.weight", WIDTH, hidden, 5);
    tensor(p + "ffn_down_exps.weight", hidden, WIDTH, 5);
  }

  /** Layer 0 dense, layer 1 with experts and two shared ones. */
  private void mixed() {
    set("leading_dense_block_count", 1);
    set("feed_forward_length", 20);
    set("expert_count", 5);
    set("expert_used_count", 2);
    set("expert_feed_forward_length", 7);
    set("expert_shared_count", 2);
    dense("blk.0.");
    experts("blk.1.", 7);
    tensor("blk.1.ffn_gate_shexp.weight", WIDTH, 14);
    tensor("blk.1.ffn_up_shexp.weight", WIDTH, 14);
    tensor("blk.1.ffn_down_shexp.weight", 14, WIDTH);
  }

  private TinyModel eachLayer(Consumer<String> layer) {
    layer.accept("blk.0.");
    layer.accept("blk.1.");
    return this;
  }

  public TinyModel set(String key, long value) {
    return set(key, new MetaValue.Int(MetaValue.Type.INT64, value));
  }

  public TinyModel set(String key, double value) {
    return set(key, new MetaValue.Real(MetaValue.Type.FLOAT64, value));
  }

  public TinyModel set(String key, boolean value) {
    return set(key, new MetaValue.Bool(value));
  }

  public TinyModel set(String key, String value) {
    return set(key, new MetaValue.Text(value));
  }

  public TinyModel set(String key, MetaValue value) {
    metadata.put(architecture + "." + key, value);
    return this;
  }

  public TinyModel unset(String key) {
    metadata.remove(architecture + "." + key);
    return this;
  }

  /** Replaces an entry by its full key. */
  public TinyModel replace(String key, MetaValue value) {
    metadata.put(key, value);
    return this;
  }

  public TinyModel tensor(String name, long... shape) {
    return tensor(name, TensorType.F32, shape);
  }

  public TinyModel tensor(String name, TensorType type, long... shape) {
    List<Long> list = new ArrayList<>();
    for (long extent : shape) {
      list.add(extent);
    }
    tensors.put(name, new TensorInfo(name, type, list, 0, 0, 0));
    return this;
  }

  public TinyModel without(String tensor) {
    tensors.remove(tensor);
    return this;
  }

  public Graph trace() {
    return Architectures.of(this).trace(this, WeightReader.ONES);
  }

  /** Values in -0.5 to 0.5 that depend on the tensor's name and the row. */
  public static void weights(TensorInfo tensor, long row, double[] into) {
    Random random = new Random(tensor.name().hashCode() * 31L + row);
    for (int i = 0; i < into.length; i++) {
      into[i] = random.nextDouble() - 0.5;
    }
  }

  @Override
  public Metadata metadata() {
    return new Metadata(location(), metadata);
  }

  @Override
  public List<TensorInfo> tensors() {
    return List.copyOf(tensors.values());
  }

  @Override
  public Optional<TensorInfo> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  @Override
  public String fingerprint() {
    return "00";
  }

  @Override
  public List<Long> fileBytes() {
    return List.of(0L);
  }

  @Override
  public String location() {
    return "tiny." + architecture;
  }

  @Override
  public String toString() {
    return location() + tensors.size();
  }
}
