package dev.diecast.capture.arch;

import dev.diecast.capture.graph.CacheRef;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;

/**
 * Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434) with the up-projections absorbed: all
 * heads share one cached row [latent | rotated key]; each head's query is taken into the latent
 * space by its key matrix, and what it reads there comes back through its value matrix.
 *
 * @param heads query heads
 * @param nope columns of a query head that do not turn
 * @param rope columns that do
 * @param value columns of a head's result
 * @param latent width of the shared latent
 * @param queryRank width of the queries' own bottleneck, 0 when they have none
 * @param width of the residual stream
 * @param scale what scores are multiplied by
 * @param eps of the norms
 */
record LatentAttention(
    int heads,
    int nope,
    int rope,
    int value,
    int latent,
    int queryRank,
    int width,
    double scale,
    double eps) {

  Value trace(Tracer t, Value h, Value angles) {
    Value q = t.reshape(queries(t, h), heads, nope + rope, "q_heads");
    Value qNope = t.slice(q, 0, nope, "q_nope");
    Value qRope = t.rope(t.slice(q, nope, nope + rope, "q_pe"), angles, false, "q_rope");
    Value kv = t.linear(h, "attn_kv_a_mqa", latent + rope);
    Value c = t.rmsNorm(t.slice(kv, 0, latent, "kv_latent"), "attn_kv_a_norm", eps);
    Value kRope = t.rope(t.slice(kv, latent, latent + rope, "k_pe"), angles, false, "k_rope");
    CacheRef cache = t.kvWrite(t.concat(c, kRope, "kv_row"), "kv");
    Value absorbed = t.concat(intoLatent(t, qNope), qRope, "q_absorbed");
    Value seen = t.attention(absorbed, cache, cache, 1, latent, scale, "attention");
    Value flat = t.reshape(outOfLatent(t, seen), 1, heads * value, "attention_flat");
    return t.linear(flat, "attn_output", width);
  }

  private Value queries(Tracer t, Value h) {
    int out = heads * (nope + rope);
    if (queryRank == 0 || t.has("attn_q", "weight")) {
      return t.linear(h, "attn_q", out);
    }
    Value narrow = t.linear(h, "attn_q_a", queryRank);
    return t.linear(t.rmsNorm(narrow, "attn_q_a_norm", eps), "attn_q_b", out);
  }

  private Value intoLatent(Tracer t, Value qNope) {
    if (unsplit(t)) {
      return t.headLinearPart(qNope, "attn_kv_b", nope + value, 0, nope, latent, true, "attn_k_b");
    }
    t.leaveOut("attn_kv_b");
    return t.headLinear(qNope, "attn_k_b", latent);
  }

  private Value outOfLatent(Tracer t, Value seen) {
    return unsplit(t)
        ? t.headLinearPart(seen, "attn_kv_b", nope + value, nope, value, latent, false, "attn_v_b")
        : t.headLinear(seen, "attn_v_b", value);
  }

  /** Older files hold both matrices as one, per head nope key rows and then the value rows. */
  private static boolean unsplit(Tracer t) {
    return t.has("attn_kv_b", "weight") && !t.has("attn_k_b", "weight");
  }
}
