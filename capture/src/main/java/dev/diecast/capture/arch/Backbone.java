package dev.diecast.capture.arch;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;

/**
 * What all families share: a stack of layers around a residual stream, each an attention and a
 * feed-forward sublayer behind an RMS norm, between an embedding and an output projection.
 *
 * @param layers layers that run
 * @param dropped layers behind them that only predict further tokens
 * @param width of the residual stream
 * @param eps of every RMS norm
 */
record Backbone(int layers, int dropped, int width, double eps) {
  /** One sublayer: from the normed stream to what is added to it. */
  @FunctionalInterface
  interface Sublayer {
    Value trace(Value normed, int layer);
  }

  static Backbone read(HyperParameters keys) {
    int blocks = keys.count("block_count", HyperParameters.MAX_LAYERS);
    int dropped = keys.count("nextn_predict_layers", HyperParameters.MAX_LAYERS, 0);
    keys.require(
        dropped < blocks, "nextn_predict_layers", dropped + ", which leaves no layer to run");
    return new Backbone(
        blocks - dropped,
        dropped,
        keys.count("embedding_length", HyperParameters.MAX_WIDTH),
        keys.positive("attention.layer_norm_rms_epsilon"));
  }

  /** The whole step. The embedding also serves as output projection where the file has none. */
  Graph trace(Tracer t, Sublayer attention, Sublayer feedForward) {
    int vocab = t.rowsOf("token_embd");
    Value x = t.embed("token_embd", width, vocab);
    for (int layer = 0; layer < layers; layer++) {
      t.enterLayer(layer);
      Value attended = attention.trace(t.rmsNorm(x, "attn_norm", eps), layer);
      x = t.add(x, attended, "attn_residual");
      Value fed = feedForward.trace(t.rmsNorm(x, "ffn_norm", eps), layer);
      x = t.add(x, fed, "ffn_residual");
    }
    t.leaveLayers();
    for (int layer = layers; layer < layers + dropped; layer++) {
      t.leaveOutLayer(layer);
    }
    Value last = t.rmsNorm(t.lastToken(x), "output_norm", eps);
    String head = t.has("output", "weight") ? "output" : "token_embd";
    return t.sample(t.linear(last, head, vocab));
  }
}
