package dev.diecast.plans.tokenizer;

import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the metadata of small vocabularies. */
final class TestVocabulary {
  private final Map<String, MetaValue> values = new LinkedHashMap<>();
  private final List<String> tokens = new ArrayList<>();
  private final List<TokenKind> kinds = new ArrayList<>();
  private final List<Double> scores = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();

  /** A byte-level BPE whose tokens 0..255 are the bytes. */
  static TestVocabulary bytePair(String pre) {
    var vocabulary = new TestVocabulary().set("model", "gpt2").set("pre", pre);
    for (int b = 0; b < 256; b++) {
      vocabulary.token(String.valueOf(ByteAlphabet.toChar(b)), TokenKind.NORMAL);
    }
    return vocabulary;
  }

  /** A SentencePiece vocabulary: unknown, BOS, EOS, then bytes from id 3. */
  static TestVocabulary sentencePiece() {
    var vocabulary = new TestVocabulary().set("model", "llama");
    vocabulary.token("<unk>", TokenKind.UNKNOWN);
    vocabulary.token("<s>", TokenKind.CONTROL).token("</s>", TokenKind.CONTROL);
    for (int b = 0; b < 256; b++) {
      vocabulary.token(String.format("<0x%02X>", b), TokenKind.BYTE);
    }
    return vocabulary;
  }

  TestVocabulary token(String text, TokenKind kind) {
    return token(text, kind, 0);
  }

  TestVocabulary token(String text, TokenKind kind, double score) {
    tokens.add(text);
    kinds.add(kind);
    scores.add(score);
    return this;
  }

  /** A merge, and its result as a token unless it is one. */
  TestVocabulary merge(String left, String right) {
    merges.add(left + " " + right);
    if (!tokens.contains(left + right)) {
      token(left + right, TokenKind.NORMAL);
    }
    return this;
  }

  TestVocabulary rawMerge(String merge) {
    merges.add(merge);
    return this;
  }

  TestVocabulary set(String name, String text) {
    values.put("tokenizer.ggml." + name, new MetaValue.Text(text));
    return this;
  }

  TestVocabulary set(String name, long number) {
    values.put("tokenizer.ggml." + name, new MetaValue.Int(MetaValue.Type.INT64, number));
    return this;
  }

  TestVocabulary set(String name, boolean flag) {
    values.put("tokenizer.ggml." + name, new MetaValue.Bool(flag));
    return this;
  }

  int id(String text) {
    return tokens.indexOf(text);
  }

  /** The metadata; keys set by hand stay as they are. */
  Map<String, MetaValue> values() {
    var all = new LinkedHashMap<String, MetaValue>();
    all.put("tokenizer.ggml.tokens", new MetaValue.Texts(List.copyOf(tokens)));
    all.put(
        "tokenizer.ggml.token_type",
        new MetaValue.Ints(
            MetaValue.Type.INT32, kinds.stream().mapToLong(TestVocabulary::typeOf).toArray()));
    all.put(
        "tokenizer.ggml.scores",
        new MetaValue.Reals(
            MetaValue.Type.FLOAT32, scores.stream().mapToDouble(Double::doubleValue).toArray()));
    all.put("tokenizer.ggml.merges", new MetaValue.Texts(List.copyOf(merges)));
    all.putAll(values);
    return all;
  }

  Metadata metadata() {
    return new Metadata("test.gguf", values());
  }

  private static long typeOf(TokenKind kind) {
    return List.of(TokenKind.values()).indexOf(kind);
  }
}
