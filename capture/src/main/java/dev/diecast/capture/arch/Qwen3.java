package dev.diecast.capture.arch;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.gguf.ModelSource;

/** Qwen3: every query and key head is RMS-normed before it turns. */
final class Qwen3 implements Architecture {
  @Override
  public String name() {
    return "qwen3";
  }

  @Override
  public Graph trace(ModelSource source, WeightReader reader) {
    HyperParameters keys = new HyperParameters(source, name());
    Backbone backbone = Backbone.read(keys);
    Heads heads = Heads.read(keys, backbone.width(), false);
    Rope rope = Rope.read(keys, heads.keyLength());
    DenseFeedForward feedForward = DenseFeedForward.read(keys, backbone.width());
    Tracer t = new Tracer(source);
    Value angles = rope.angles(t, reader);
    return backbone.trace(
        t,
        (h, layer) -> attention(t, heads, backbone.eps(), angles, h),
        (h, layer) -> feedForward.trace(t, h));
  }

  static Value attention(Tracer t, Heads heads, double eps, Value angles, Value h) {
    Value q = t.rmsNorm(heads.queries(t, h), "attn_q_norm", eps);
    Value k = t.rmsNorm(heads.keys(t, h), "attn_k_norm", eps);
    Value v = heads.values(t, h);
    return heads.attend(t, t.rope(q, angles, true, "q_rope"), t.rope(k, angles, true, "k_rope"), v);
  }
}
