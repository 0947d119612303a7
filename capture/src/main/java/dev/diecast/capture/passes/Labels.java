package dev.diecast.capture.passes;

/** Names of fused nodes in dumps. */
final class Labels {
  private Labels() {}

  /** {@code blk.3.attn_q} and {@code blk.3.attn_k} in layer 3: {@code blk.3.attn_q+attn_k}. */
  static String join(String first, String second, int layer) {
    String scope = scope(layer);
    return first + "+" + (second.startsWith(scope) ? second.substring(scope.length()) : second);
  }

  /** What the tracer calls a part of that layer. */
  static String scoped(String name, int layer) {
    return scope(layer) + name;
  }

  private static String scope(int layer) {
    return layer < 0 ? "" : "blk." + layer + ".";
  }
}
