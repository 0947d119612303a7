package dev.diecast.plans.tokenizer;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens of a model by id: text, kind and score. Scores default to 0 and kinds to {@link
 * TokenKind#NORMAL}. Where two ids have one text, text becomes the lower id; an empty text is never
 * found.
 */
final class Vocabulary {
  static final int NOT_FOUND = -1;

  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final String SCORES = "tokenizer.ggml.scores";
  private static final String KINDS = "tokenizer.ggml.token_type";

  private final String[] texts;
  private final TokenKind[] kinds;
  private final float[] scores;
  private final Map<String, Integer> ids;
  private final boolean statesKinds;

  /** The vocabulary that the metadata holds. */
  Vocabulary(Metadata metadata) {
    this.texts = texts(metadata, TOKENS).toArray(String[]::new);
    if (texts.length == 0) {
      throw new PlanException(metadata.at(TOKENS) + " is empty");
    }
    this.scores = scores(metadata, texts.length);
    this.kinds = kinds(metadata, texts.length);
    this.statesKinds = metadata.find(KINDS).isPresent();
    this.ids = HashMap.newHashMap(texts.length);
    for (int id = 0; id < texts.length; id++) {
      if (!texts[id].isEmpty()) {
        ids.putIfAbsent(texts[id], id);
      }
    }
  }

  /** An array of texts that has to be there. */
  static List<String> texts(Metadata metadata, String key) {
    return switch (metadata.find(key).orElse(null)) {
      case MetaValue.Texts(var values) -> values;
      case null -> throw new PlanException(metadata.at(key) + " is missing");
      default -> throw new PlanException(metadata.at(key) + " is no array of texts");
    };
  }

  int size() {
    return texts.length;
  }

  String text(int id) {
    return texts[id];
  }

  TokenKind kind(int id) {
    return kinds[id];
  }

  float score(int id) {
    return scores[id];
  }

  /** The id of a text, or {@link #NOT_FOUND}. */
  int find(String text) {
    return ids.getOrDefault(text, NOT_FOUND);
  }

  /** True when the file says of each token what it is. */
  boolean statesKinds() {
    return statesKinds;
  }

  /** Corrects what the file says of a token; only while a tokenizer is built. */
  void mark(int id, TokenKind kind) {
    kinds[id] = kind;
  }

  private static float[] scores(Metadata metadata, int count) {
    float[] scores =
        switch (metadata.find(SCORES).orElse(null)) {
          case null -> new float[count];
          case MetaValue.Reals(var element, var values) -> toFloats(values);
          case MetaValue.Ints(var element, var values) -> toFloats(values);
          default -> throw new PlanException(metadata.at(SCORES) + " is no array of numbers");
        };
    requireCount(metadata.at(SCORES), scores.length, count);
    for (int id = 0; id < count; id++) {
      if (Float.isNaN(scores[id])) {
        throw new PlanException(metadata.at(SCORES) + " is not a number for token " + id);
      }
    }
    return scores;
  }

  private static TokenKind[] kinds(Metadata metadata, int count) {
    var kinds = new TokenKind[count];
    switch (metadata.find(KINDS).orElse(null)) {
      case null -> Arrays.fill(kinds, TokenKind.NORMAL);
      case MetaValue.Ints(var element, var values) -> {
        requireCount(metadata.at(KINDS), values.length, count);
        for (int id = 0; id < count; id++) {
          kinds[id] = TokenKind.of(values[id], metadata.at(KINDS));
        }
      }
      default -> throw new PlanException(metadata.at(KINDS) + " is no array of integers");
    }
    return kinds;
  }

  private static void requireCount(String where, int entries, int tokens) {
    if (entries != tokens) {
      throw new PlanException(where + " has " + entries + " entries for " + tokens + " tokens");
    }
  }

  private static float[] toFloats(double[] values) {
    var floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static float[] toFloats(long[] values) {
    var floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = values[i];
    }
    return floats;
  }
}
