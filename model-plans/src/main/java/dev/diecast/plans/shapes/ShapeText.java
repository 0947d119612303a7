package dev.diecast.plans.shapes;

import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the shape of a model: the metadata that a plan depends on, and the tensor table. */
final class ShapeText {
  private static final Set<String> GENERAL =
      Set.of(
          "general.architecture",
          "general.alignment",
          "general.file_type",
          "general.quantization_version");

  private ShapeText() {}

  /** The file's text; the same model and name give the same text. */
  static String of(ModelSource model, String name) {
    String architecture = model.metadata().text("general.architecture");
    StringBuilder text = new StringBuilder(ShapeFile.FIRST_LINE).append('\n');
    meta(text, "general.name", new MetaValue.Text(name));
    model
        .metadata()
        .entries()
        .forEach((key, value) -> {
          if (GENERAL.contains(key) || key.startsWith(architecture + ".")) {
            meta(text, key, value);
          }
        });
    model.tensors().forEach(tensor -> tensor(text, tensor));
    return text.toString();
  }

  private static void meta(StringBuilder text, String key, MetaValue value) {
    @Nullable String words = ShapeValues.text(value);
    if (words != null) {
      text.append("meta ").append(ShapeWords.quoted(key)).append(' ').append(words).append('\n');
    }
  }

  private static void tensor(StringBuilder text, TensorInfo tensor) {
    text.append("tensor ")
        .append(ShapeWords.quoted(tensor.name()))
        .append(' ')
        .append(tensor.type().suffix())
        .append(' ')
        .append(tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(" ")))
        .append('\n');
  }
}
