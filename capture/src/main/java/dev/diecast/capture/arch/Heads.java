package dev.diecast.capture.arch;

import dev.diecast.capture.graph.CacheRef;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;

/**
 * Grouped-query attention: query heads in groups that share a key and value head.
 *
 * @param queries query heads
 * @param shared key and value heads
 * @param keyLength elements of a query or key head
 * @param valueLength elements of a value head
 * @param width of the residual stream
 * @param scale what scores are multiplied by
 * @param biased whether the projections must have a bias; else they may
 */
record Heads(
    int queries,
    int shared,
    int keyLength,
    int valueLength,
    int width,
    double scale,
    boolean biased) {

  static Heads read(HyperParameters keys, int width, boolean biased) {
    int queries = keys.count("attention.head_count", HyperParameters.MAX_HEADS);
    int shared = keys.count("attention.head_count_kv", HyperParameters.MAX_HEADS, queries);
    keys.require(
        shared > 0 && queries % shared == 0,
        "attention.head_count_kv",
        shared + ", which does not divide the " + queries + " heads");
    int keyLength = length(keys, "attention.key_length", width, queries);
    int valueLength = length(keys, "attention.value_length", width, queries);
    double scale = keys.number("attention.scale", 0);
    keys.require(scale >= 0, "attention.scale", scale + ", expected 0 or more");
    return new Heads(
        queries,
        shared,
        keyLength,
        valueLength,
        width,
        scale == 0 ? 1 / Math.sqrt(keyLength) : scale,
        biased);
  }

  private static int length(HyperParameters keys, String key, int width, int queries) {
    if (keys.has(key)) {
      return keys.count(key, HyperParameters.MAX_HEAD_LENGTH);
    }
    keys.require(
        width % queries == 0,
        "embedding_length",
        width + ", which " + queries + " heads do not divide");
    int length = width / queries;
    keys.require(
        length <= HyperParameters.MAX_HEAD_LENGTH,
        "attention.head_count",
        queries + ", which makes heads of " + length);
    return length;
  }

  /** queries x keyLength. */
  Value queries(Tracer t, Value h) {
    return t.reshape(project(t, h, "attn_q", queries * keyLength), queries, keyLength, "q_heads");
  }

  /** shared x keyLength. */
  Value keys(Tracer t, Value h) {
    return t.reshape(project(t, h, "attn_k", shared * keyLength), shared, keyLength, "k_heads");
  }

  /** shared x valueLength. */
  Value values(Tracer t, Value h) {
    return t.reshape(project(t, h, "attn_v", shared * valueLength), shared, valueLength, "v_heads");
  }

  /** Remembers k and v and lets q attend to all that is remembered: 1 x width. */
  Value attend(Tracer t, Value q, Value k, Value v) {
    CacheRef keyCache = t.kvWrite(k, "k");
    CacheRef valueCache = t.kvWrite(v, "v");
    Value seen = t.attention(q, keyCache, valueCache, shared, valueLength, scale, "attention");
    Value flat = t.reshape(seen, 1, queries * valueLength, "attention_flat");
    Value out = t.linear(flat, "attn_output", width);
    return t.has("attn_output", "bias") ? t.addBias(out, "attn_output") : out;
  }

  private Value project(Tracer t, Value h, String name, int out) {
    Value y = t.linear(h, name, out);
    return biased || t.has(name, "bias") ? t.addBias(y, name) : y;
  }
}
