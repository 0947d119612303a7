package dev.diecast.capture.arch;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.gguf.ModelSource;
import java.util.List;

/**
 * Llama 1 to 3 and what is shaped like them: grouped-query attention that turns adjacent pairs, and
 * SwiGLU; with {@code expert_count}, Mixtral's experts instead.
 */
final class Llama implements Architecture {
  @Override
  public String name() {
    return "llama";
  }

  @Override
  public Graph trace(ModelSource source, WeightReader reader) {
    HyperParameters keys = new HyperParameters(source, name());
    Backbone backbone = Backbone.read(keys);
    Heads heads = Heads.read(keys, backbone.width(), false);
    Rope rope = Rope.read(keys, heads.keyLength());
    Tracer t = new Tracer(source);
    Value angles = rope.angles(t, reader);
    return backbone.trace(
        t,
        (h, layer) -> attention(t, heads, angles, h),
        keys.count("expert_count", HyperParameters.MAX_EXPERTS, 0) > 0
            ? experts(keys, backbone, t)
            : dense(keys, backbone, t));
  }

  private static Value attention(Tracer t, Heads heads, Value angles, Value h) {
    Value q = t.rope(heads.queries(t, h), angles, false, "q_rope");
    Value k = t.rope(heads.keys(t, h), angles, false, "k_rope");
    return heads.attend(t, q, k, heads.values(t, h));
  }

  private static Backbone.Sublayer dense(HyperParameters keys, Backbone backbone, Tracer t) {
    DenseFeedForward feedForward = DenseFeedForward.read(keys, backbone.width());
    return (h, layer) -> feedForward.trace(t, h);
  }

  private static Backbone.Sublayer experts(HyperParameters keys, Backbone backbone, Tracer t) {
    int hidden = keys.count("feed_forward_length", HyperParameters.MAX_WIDTH);
    MixtureOfExperts moe =
        MixtureOfExperts.read(keys, backbone.width(), hidden, Op.Gating.SOFTMAX, true, List.of());
    return (h, layer) -> moe.trace(t, h);
  }
}
