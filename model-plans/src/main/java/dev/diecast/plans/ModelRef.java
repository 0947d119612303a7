package dev.diecast.plans;

import java.util.List;

/**
 * The model that a plan belongs to.
 *
 * @param architecture the GGUF architecture, for example {@code deepseek2}
 * @param name the model's own name
 * @param fingerprint lower-case hex SHA-256 of the GGUF's metadata and tensor table; empty for a
 *     known shape
 * @param vocab tokens in the vocabulary, the width of a logits row
 * @param layers transformer layers
 * @param embedding width of the residual stream
 * @param context capacity of the KV cache in tokens
 * @param weightType the prevailing weight type, for people
 * @param fileBytes sizes of the GGUF parts, in order
 */
public record ModelRef(
    String architecture,
    String name,
    String fingerprint,
    long vocab,
    long layers,
    long embedding,
    long context,
    String weightType,
    List<Long> fileBytes) {
  /** A reference with its own copy of the sizes. */
  public ModelRef {
    fileBytes = List.copyOf(fileBytes);
  }
}
