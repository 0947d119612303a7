package dev.diecast.tools.inspect;

import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** Dumps of a GGUF, or of a known shape: metadata and tensors, never the weights. */
public final class InspectGguf {
  private InspectGguf() {}

  /** Writes a readable dump. */
  public static void text(ModelSource model, Appendable out) throws IOException {
    long files = model.fileBytes().stream().mapToLong(Long::longValue).sum();
    out.append(Display.text(model.location(), 1000))
        .append(": " + model.fileBytes().size() + " files, " + Display.size(files) + "\n")
        .append("fingerprint ")
        .append(model.fingerprint())
        .append("\n\nmetadata\n");
    TextTable metadata = new TextTable("  ", "key", "type", "value");
    for (Map.Entry<String, MetaValue> entry : model.metadata().entries().entrySet()) {
      metadata.row(
          Display.name(entry.getKey()),
          MetaText.type(entry.getValue()),
          MetaText.value(entry.getValue()));
    }
    metadata.print(out);
    out.append("\ntensors\n");
    TextTable tensors = new TextTable("  ", "tensor", "type", "shape", "file", "offset", "bytes");
    for (TensorInfo tensor : model.tensors()) {
      tensors.row(
          Display.name(tensor.name()),
          tensor.type().suffix(),
          tensor.shape(),
          tensor.fileIndex(),
          tensor.fileOffset(),
          tensor.bytes());
    }
    tensors.print(out);
    totals(model, out);
  }

  /** Writes JSON: metadata with the beginnings of long arrays, all tensors, totals by type. */
  public static void json(ModelSource model, OutputStream out) throws IOException {
    Json.write(GgufJson.of(model), out);
  }

  private static void totals(ModelSource model, Appendable out) throws IOException {
    out.append("\ntotals\n");
    TextTable table = new TextTable("  ", "type", "tensors", "bytes", "size");
    long bytes = 0;
    for (Map.Entry<TensorType, TypeTotals> entry : TypeTotals.of(model.tensors()).entrySet()) {
      TypeTotals totals = entry.getValue();
      table.row(
          entry.getKey().suffix(),
          totals.tensors(),
          totals.bytes(),
          "(" + Display.size(totals.bytes()) + ")");
      bytes += totals.bytes();
    }
    table.row("all", model.tensors().size(), bytes, "(" + Display.size(bytes) + ")");
    table.print(out);
  }
}
