package dev.diecast.kernels.gpu;

import java.util.Arrays;

/**
 * Random queries and caches. With {@code latent} the values are the start of the keys, as in MLA.
 */
record AttentionCase(
    int tokens,
    int heads,
    int kvHeads,
    int dk,
    int dv,
    int splits,
    int position,
    int active,
    int capacity,
    boolean latent) {

  static final double SCALE = 0.3;

  float[] q() {
    return Bytes.random(1, tokens * heads * dk);
  }

  float[] k() {
    return Bytes.randomHalves(2, capacity * kvHeads * dk);
  }

  float[] v() {
    return latent ? k() : Bytes.randomHalves(3, capacity * kvHeads * dv);
  }

  int vStride() {
    return latent ? dk : kvHeads * dv;
  }

  KernelRun arguments(KernelRun run) {
    return run.args("n_tokens", tokens, "heads", heads, "kv_heads", kvHeads, "dk", dk, "dv", dv)
        .args("q_stride", heads * dk, "q_head_stride", dk)
        .args("k_row_stride", kvHeads * dk, "k_head_stride", dk)
        .args("v_row_stride", vStride(), "v_head_stride", dv)
        .args("splits", splits, "capacity", capacity, "scale", SCALE)
        .floats("q", q())
        .halves("k", k())
        .halves("v", v())
        .step(position, active);
  }

  AttentionReference reference(int token, int head) {
    int at = (token * heads + head) * dk;
    int kvHead = head / (heads / kvHeads);
    return new AttentionReference(
        Arrays.copyOfRange(q(), at, at + dk),
        k(),
        kvHead * dk,
        kvHeads * dk,
        v(),
        kvHead * dv,
        vStride(),
        dv,
        SCALE);
  }

  int visible(int token) {
    return position + token + 1;
  }

  int activeTokens() {
    return Math.min(tokens, active);
  }
}
