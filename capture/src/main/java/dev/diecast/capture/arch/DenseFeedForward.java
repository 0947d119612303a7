package dev.diecast.capture.arch;

import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;

/**
 * SwiGLU (arXiv 2002.05202): {@code down (silu(gate h) * up h)}.
 *
 * @param width of the residual stream
 * @param hidden width between
 * @param suffix of the tensor names: empty, or {@code _shexp} for shared experts
 */
record DenseFeedForward(int width, int hidden, String suffix) {
  static DenseFeedForward read(HyperParameters keys, int width) {
    int hidden = keys.count("feed_forward_length", HyperParameters.MAX_WIDTH);
    return new DenseFeedForward(width, hidden, "");
  }

  Value trace(Tracer t, Value h) {
    Value gate = t.silu(linear(t, h, "ffn_gate", hidden), "ffn_silu" + suffix);
    Value gated = t.mul(gate, linear(t, h, "ffn_up", hidden), "ffn_gated" + suffix);
    return linear(t, gated, "ffn_down", width);
  }

  private Value linear(Tracer t, Value x, String part, int out) {
    String name = part + suffix;
    Value y = t.linear(x, name, out);
    return t.has(name, "bias") ? t.addBias(y, name) : y;
  }
}
