package dev.diecast.capture.arch;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.gguf.ModelSource;
import java.util.List;

/**
 * Qwen3 with experts in every layer. The softmax weights of the chosen always sum to 1; no key in
 * the file says so.
 */
final class Qwen3Moe implements Architecture {
  @Override
  public String name() {
    return "qwen3moe";
  }

  @Override
  public Graph trace(ModelSource source, WeightReader reader) {
    HyperParameters keys = new HyperParameters(source, name());
    Backbone backbone = Backbone.read(keys);
    Heads heads = Heads.read(keys, backbone.width(), false);
    Rope rope = Rope.read(keys, heads.keyLength());
    int hidden = keys.count("expert_feed_forward_length", HyperParameters.MAX_WIDTH);
    MixtureOfExperts experts =
        MixtureOfExperts.read(keys, backbone.width(), hidden, Op.Gating.SOFTMAX, true, List.of());
    Tracer t = new Tracer(source);
    Value angles = rope.angles(t, reader);
    return backbone.trace(
        t,
        (h, layer) -> Qwen3.attention(t, heads, backbone.eps(), angles, h),
        (h, layer) -> experts.trace(t, h));
  }
}
