package dev.diecast.tools.command;

import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.shapes.KnownShapes;
import dev.diecast.plans.shapes.ShapeFile;
import dev.diecast.plans.shapes.ShapeSummary;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.model.ByteCount;
import dev.diecast.tools.model.UserShapes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code diecast shapes}. */
@Command(
    name = "shapes",
    header = "Lists the model shapes that compile without their weights, or adds one.",
    description = {
      "%nA shape and a type, as in glm-4.7-flash:q4_0, serve `compile` and `synth` in place of a "
          + "file. `shapes add` makes a shape of any GGUF.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast shapes",
      "  diecast shapes add model.gguf --name my-model",
    })
public final class ShapesCommand implements Callable<Integer> {
  private final Console console;

  /** The command on a console. */
  public ShapesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    List<ShapeSummary> shapes = KnownShapes.summaries();
    row(
        "shape",
        "family",
        "layers",
        "tensors",
        "parameters",
        shapes.getFirst().weightBytes().keySet().stream()
            .map(type -> "%9s".formatted(type))
            .collect(Collectors.joining(" ")));
    for (ShapeSummary shape : shapes) {
      known(shape);
    }
    console.line("%ntypes: %s", String.join(" ", KnownShapes.types()));
    added();
    return 0;
  }

  private void known(ShapeSummary shape) throws IOException {
    row(
        shape.name(),
        shape.architecture(),
        shape.layers(),
        shape.tensors(),
        parameters(shape.parameters()),
        shape.weightBytes().values().stream()
            .map(bytes -> "%9s".formatted(ByteCount.of(bytes)))
            .collect(Collectors.joining(" ")));
  }

  private void added() throws IOException {
    List<Path> files = UserShapes.files();
    if (files.isEmpty()) {
      return;
    }
    console.line("%nadded, in %s:", UserShapes.folder());
    for (Path file : files) {
      ModelSource model = ShapeFile.read(file);
      String architecture = model.metadata().text("general.architecture");
      row(
          String.valueOf(file.getFileName()).replaceFirst("\\.shape$", ""),
          architecture,
          model.metadata().integer(architecture + ".block_count", 0),
          model.tensors().size(),
          "",
          ByteCount.of(model.tensors().stream().mapToLong(TensorInfo::bytes).sum()));
    }
  }

  private void row(Object... cells) throws IOException {
    console.line("%s", "%-18s %-10s %6s %7s %10s  %s".formatted(cells).stripTrailing());
  }

  private static String parameters(long count) {
    return count >= 1_000_000_000
        ? String.format(Locale.ROOT, "%.2f G", count / 1e9)
        : String.format(Locale.ROOT, "%.0f M", count / 1e6);
  }
}
