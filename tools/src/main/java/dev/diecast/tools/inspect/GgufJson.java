package dev.diecast.tools.inspect;

import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A model's metadata and tensors as a JSON tree. */
final class GgufJson {
  private GgufJson() {}

  static ObjectNode of(ModelSource model) {
    ObjectNode root = Json.object();
    root.put("kind", "gguf")
        .put("location", model.location())
        .put("fingerprint", model.fingerprint());
    ArrayNode files = root.putArray("file_bytes");
    model.fileBytes().forEach(files::add);
    totals(root.putObject("totals"), model.tensors());
    ObjectNode metadata = root.putObject("metadata");
    model.metadata().entries().forEach((key, value) -> value(metadata.putObject(key), value));
    ArrayNode tensors = root.putArray("tensors");
    model.tensors().forEach(tensor -> tensor(tensors.addObject(), tensor));
    return root;
  }

  private static void totals(ObjectNode node, List<TensorInfo> tensors) {
    node.put("tensors", tensors.size())
        .put("bytes", tensors.stream().mapToLong(TensorInfo::bytes).sum());
    ObjectNode types = node.putObject("types");
    TypeTotals.of(tensors)
        .forEach((type, totals) ->
            types
                .putObject(type.suffix())
                .put("tensors", totals.tensors())
                .put("bytes", totals.bytes()));
  }

  /** {@code value} for a single value; {@code count} and the {@code first} elements of an array. */
  private static void value(ObjectNode node, MetaValue value) {
    node.put("type", MetaText.type(value));
    switch (value) {
      case MetaValue.Int v when v.type() == MetaValue.Type.UINT64 && v.value() < 0 ->
          node.put("value", MetaText.integer(v.type(), v.value()));
      case MetaValue.Int v -> node.put("value", v.value());
      case MetaValue.Real v -> node.put("value", v.value());
      case MetaValue.Bool v -> node.put("value", v.value());
      case MetaValue.Text v -> node.put("value", v.value());
      default -> {
        node.put("count", MetaText.count(value));
        first(node.putArray("first"), value);
      }
    }
  }

  private static void first(ArrayNode node, MetaValue array) {
    for (int i = 0; i < Math.min(MetaText.SHOWN, MetaText.count(array)); i++) {
      switch (array) {
        case MetaValue.Ints v -> node.add(v.values()[i]);
        case MetaValue.Reals v -> node.add(v.values()[i]);
        case MetaValue.Bools v -> node.add(v.values()[i]);
        case MetaValue.Texts v -> node.add(v.values().get(i));
        case MetaValue.Nested v -> value(node.addObject(), v.values().get(i));
        case MetaValue.Int _, MetaValue.Real _, MetaValue.Bool _, MetaValue.Text _ -> {}
      }
    }
  }

  private static void tensor(ObjectNode node, TensorInfo tensor) {
    node.put("name", tensor.name()).put("type", tensor.type().suffix());
    ArrayNode shape = node.putArray("shape");
    tensor.shape().forEach(shape::add);
    node.put("file_index", tensor.fileIndex())
        .put("file_offset", tensor.fileOffset())
        .put("bytes", tensor.bytes());
  }
}
