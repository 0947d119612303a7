package dev.diecast.plans.shapes;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.GgufLayout;
import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the text of a shape file; trusts nothing in it. */
final class ShapeParser {
  private static final int MOST_DIMS = 4;

  private final String where;
  private final Map<String, MetaValue> metadata = new LinkedHashMap<>();
  private final List<GgufLayout.Spec> tensors = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private int line;

  private ShapeParser(String where) {
    this.where = where;
  }

  static ModelSource parse(String where, String text) {
    ShapeParser parser = new ShapeParser(where);
    text.lines().forEach(parser::line);
    return parser.model();
  }

  private void line(String text) {
    line++;
    if (line == 1) {
      if (!text.equals(ShapeFile.FIRST_LINE)) {
        throw error("is not '" + ShapeFile.FIRST_LINE + "'");
      }
    } else if (!text.isBlank() && !text.startsWith("#")) {
      entry(text);
    }
  }

  private void entry(String text) {
    List<String> words = ShapeWords.split(here(), text);
    String what = words.getFirst();
    if (!what.equals("meta") && !what.equals("tensor")) {
      throw error("begins with neither meta nor tensor");
    }
    if (words.size() < 3) {
      throw error("a name, a type and values belong after " + what);
    }
    if (what.equals("meta")) {
      meta(words.get(1), words.get(2), words.subList(3, words.size()));
    } else {
      tensor(words.get(1), words.get(2), words.subList(3, words.size()));
    }
  }

  private void meta(String key, String type, List<String> values) {
    if (metadata.put(key, ShapeValues.parse(here(), type, values)) != null) {
      throw error("the key '" + key + "' occurs twice");
    }
  }

  private void tensor(String name, String typeName, List<String> extents) {
    TensorType type =
        TensorType.ofSuffix(typeName)
            .orElseThrow(() -> error("'" + typeName + "' is no type of tensor"));
    if (extents.isEmpty() || extents.size() > MOST_DIMS) {
      throw error("a tensor has 1 to " + MOST_DIMS + " extents, not " + extents.size());
    }
    GgufLayout.Spec spec =
        new GgufLayout.Spec(name, type, extents.stream().map(this::extent).toList());
    try {
      spec.bytes();
    } catch (PlanException e) {
      throw new PlanException(here() + ": " + e.getMessage(), e);
    }
    if (!names.add(name)) {
      throw error("the tensor '" + name + "' occurs twice");
    }
    tensors.add(spec);
  }

  private long extent(String word) {
    try {
      long extent = Long.parseLong(word);
      if (extent > 0) {
        return extent;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw error("'" + word + "' is no extent");
  }

  private ModelSource model() {
    if (line == 0) {
      throw new PlanException(where + ": is empty");
    }
    try {
      return KnownModel.of(new Metadata(where, metadata), where, tensors);
    } catch (ArithmeticException e) {
      throw new PlanException(where + ": the tensors' sizes overflow", e);
    } catch (PlanException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(where) ? e : new PlanException(where + ": " + message, e);
    }
  }

  private String here() {
    return where + ", line " + line;
  }

  private PlanException error(String message) {
    return new PlanException(here() + ": " + message);
  }
}
