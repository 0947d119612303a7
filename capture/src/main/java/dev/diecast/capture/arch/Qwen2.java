package dev.diecast.capture.arch;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.gguf.ModelSource;

/** Qwen2 and Qwen2.5: biased query, key and value projections; halves of a head turn as pairs. */
final class Qwen2 implements Architecture {
  @Override
  public String name() {
    return "qwen2";
  }

  @Override
  public Graph trace(ModelSource source, WeightReader reader) {
    HyperParameters keys = new HyperParameters(source, name());
    Backbone backbone = Backbone.read(keys);
    Heads heads = Heads.read(keys, backbone.width(), true);
    Rope rope = Rope.read(keys, heads.keyLength());
    DenseFeedForward feedForward = DenseFeedForward.read(keys, backbone.width());
    Tracer t = new Tracer(source);
    Value angles = rope.angles(t, reader);
    return backbone.trace(
        t, (h, layer) -> attention(t, heads, angles, h), (h, layer) -> feedForward.trace(t, h));
  }

  private static Value attention(Tracer t, Heads heads, Value angles, Value h) {
    Value q = t.rope(heads.queries(t, h), angles, true, "q_rope");
    Value k = t.rope(heads.keys(t, h), angles, true, "k_rope");
    return heads.attend(t, q, k, heads.values(t, h));
  }
}
