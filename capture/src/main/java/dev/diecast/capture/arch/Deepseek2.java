package dev.diecast.capture.arch;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.gguf.ModelSource;
import java.util.List;

/**
 * DeepSeek-V2 and its kin (V2-Lite, GLM-4.7-Flash, Youtu-LLM): latent attention, a few dense layers
 * and then experts with shared ones beside them.
 */
final class Deepseek2 implements Architecture {
  @Override
  public String name() {
    return "deepseek2";
  }

  @Override
  public Graph trace(ModelSource source, WeightReader reader) {
    HyperParameters keys = new HyperParameters(source, name());
    Backbone backbone = Backbone.read(keys);
    int headLength = headLength(keys, "key_length");
    Yarn yarn = Yarn.read(keys, Rope.read(keys, headLength));
    LatentAttention attention = attention(keys, backbone, headLength, yarn);
    Tracer t = new Tracer(source);
    Value angles = yarn.rope().angles(t, reader);
    return backbone.trace(
        t, (h, layer) -> attention.trace(t, h, angles), feedForward(keys, backbone, t));
  }

  private static LatentAttention attention(
      HyperParameters keys, Backbone backbone, int headLength, Yarn yarn) {
    int rope = yarn.rope().dims();
    keys.require(
        rope < headLength,
        "rope.dimension_count",
        rope + ", which leaves nothing of heads of " + headLength);
    double temperature = keys.number("attention.temperature_scale", 0);
    keys.require(
        temperature == 0,
        "attention.temperature_scale",
        temperature + ", which Diecast cannot run yet");
    return new LatentAttention(
        keys.count("attention.head_count", HyperParameters.MAX_HEADS),
        headLength - rope,
        rope,
        headLength(keys, "value_length"),
        keys.count("attention.kv_lora_rank", HyperParameters.MAX_HEAD_LENGTH),
        keys.count("attention.q_lora_rank", HyperParameters.MAX_WIDTH, 0),
        backbone.width(),
        yarn.scoreMagnitude() * yarn.scoreMagnitude() / Math.sqrt(headLength),
        backbone.eps());
  }

  /**
   * The length of a head: {@code attention.key_length_mla}. The key without that suffix describes
   * the cached row, except in older files, which have only that.
   */
  private static int headLength(HyperParameters keys, String what) {
    String mla = "attention." + what + "_mla";
    String key = keys.has(mla) ? mla : "attention." + what;
    return keys.count(key, HyperParameters.MAX_HEAD_LENGTH);
  }

  private static Backbone.Sublayer feedForward(HyperParameters keys, Backbone backbone, Tracer t) {
    int leading = keys.count("leading_dense_block_count", HyperParameters.MAX_LAYERS, 0);
    if (leading >= backbone.layers()) {
      DenseFeedForward dense = DenseFeedForward.read(keys, backbone.width());
      return (h, layer) -> dense.trace(t, h);
    }
    MixtureOfExperts experts = experts(keys, backbone, t);
    if (leading == 0) {
      return (h, layer) -> experts.trace(t, h);
    }
    DenseFeedForward dense = DenseFeedForward.read(keys, backbone.width());
    return (h, layer) -> layer < leading ? dense.trace(t, h) : experts.trace(t, h);
  }

  private static MixtureOfExperts experts(HyperParameters keys, Backbone backbone, Tracer t) {
    int hidden = keys.count("expert_feed_forward_length", HyperParameters.MAX_WIDTH);
    int shared = keys.count("expert_shared_count", HyperParameters.MAX_SHARED_EXPERTS, 0);
    int width = backbone.width();
    return MixtureOfExperts.read(
        keys,
        width,
        hidden,
        gating(keys, backbone, t),
        keys.flag("expert_weights_norm", false),
        shared == 0 ? List.of() : List.of(new DenseFeedForward(width, shared * hidden, "_shexp")));
  }

  /**
   * Files of DeepSeek-V2 do not state the gating, it is softmax; nor do some of GLM-4.7-Flash,
   * which llama.cpp knows by their layers and vocabulary and gives sigmoid.
   */
  private static Op.Gating gating(HyperParameters keys, Backbone backbone, Tracer t) {
    int function = keys.count("expert_gating_func", Integer.MAX_VALUE, 0);
    keys.require(
        function <= 2, "expert_gating_func", function + ", expected 1 (softmax) or 2 (sigmoid)");
    boolean flash =
        (backbone.layers() == 47 || backbone.layers() == 48) && t.rowsOf("token_embd") == 154880;
    return function == 2 || (function == 0 && flash) ? Op.Gating.SIGMOID : Op.Gating.SOFTMAX;
  }

  /**
   * YaRN as these models were trained with it: given {@code rope.scaling.yarn_log_multiplier}
   * (which files hold times 0.1), the magnitude moves from the angles to the scores.
   *
   * @param rope the rotation
   * @param scoreMagnitude enters the score scale squared
   */
  private record Yarn(Rope rope, double scoreMagnitude) {
    static Yarn read(HyperParameters keys, Rope rope) {
      if (!(rope.scaling() instanceof RopeScaling.Yarn yarn)) {
        return new Yarn(rope, rope.magnitude());
      }
      double multiplier = keys.number("rope.scaling.yarn_log_multiplier", 0) / 0.1;
      double magnitude = multiplier == 0 ? rope.magnitude() : rope.magnitude() / yarn.magnitude();
      double scores = magnitude * (1 + 0.1 * multiplier * Math.log(yarn.factor()));
      return new Yarn(rope.withMagnitude(magnitude), scores);
    }
  }
}
