package dev.diecast.plans.shapes;

import dev.diecast.plans.gguf.MetaValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gathers metadata with the keys and value types that llama.cpp's converters write. */
final class ShapeMetadata {
  private final Map<String, MetaValue> entries = new LinkedHashMap<>();
  private final String architecture;

  ShapeMetadata(String architecture, String title, TypeMix mix) {
    this.architecture = architecture;
    entries.put("general.architecture", new MetaValue.Text(architecture));
    entries.put("general.type", new MetaValue.Text("model"));
    entries.put("general.name", new MetaValue.Text(title));
    entries.put("general.file_type", uint32(mix.fileType()));
    entries.put("general.quantization_version", uint32(2));
  }

  Map<String, MetaValue> entries() {
    return entries;
  }

  /** An unsigned integer under the architecture's name. */
  ShapeMetadata integer(String key, long value) {
    entries.put(architecture + "." + key, uint32(value));
    return this;
  }

  /** A float32 under the architecture's name. */
  ShapeMetadata number(String key, double value) {
    entries.put(
        architecture + "." + key, new MetaValue.Real(MetaValue.Type.FLOAT32, (float) value));
    return this;
  }

  /** A flag under the architecture's name. */
  ShapeMetadata flag(String key, boolean value) {
    entries.put(architecture + "." + key, new MetaValue.Bool(value));
    return this;
  }

  /** Text under the architecture's name. */
  ShapeMetadata text(String key, String value) {
    entries.put(architecture + "." + key, new MetaValue.Text(value));
    return this;
  }

  /** The keys that every family has. */
  ShapeMetadata common(KnownShape shape, long headCountKv) {
    return integer("block_count", shape.layers())
        .integer("context_length", shape.context())
        .integer("embedding_length", shape.width())
        .integer("feed_forward_length", shape.hidden())
        .integer("attention.head_count", shape.heads())
        .integer("attention.head_count_kv", headCountKv)
        .number("attention.layer_norm_rms_epsilon", shape.epsilon())
        .number("rope.freq_base", shape.theta());
  }

  /** A tokenizer of the shape's vocabulary size. */
  ShapeMetadata tokenizer(int vocab, Pre pre) {
    SyntheticVocab.put(entries, vocab, pre);
    return this;
  }

  static MetaValue uint32(long value) {
    return new MetaValue.Int(MetaValue.Type.UINT32, value);
  }
}
