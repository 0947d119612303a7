package dev.diecast.tools.command;

import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.shapes.KnownShapes;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.model.ByteCount;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code diecast shapes}. */
@Command(
    name = "shapes",
    header = "Lists the model shapes that compile without their weights.",
    description = {
      "%nA shape and a type, as in glm-4.7-flash:q4_0, serve `compile` and `synth` in place of a "
          + "file.%n",
    })
public final class ShapesCommand implements Callable<Integer> {
  private static final String SIZED_BY = "q4_0";

  private final Console console;

  /** The command on a console. */
  public ShapesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    console.line("%-20s %-10s %7s  %s", "shape", "family", "tensors", "size as " + SIZED_BY);
    for (String name : KnownShapes.names()) {
      ModelSource model = KnownShapes.find(name + ":" + SIZED_BY);
      console.line(
          "%-20s %-10s %7d  %s",
          name,
          model.metadata().text("general.architecture"),
          model.tensors().size(),
          ByteCount.of(model.fileBytes().stream().mapToLong(Long::longValue).sum()));
    }
    console.line("%ntypes: %s", String.join(" ", KnownShapes.types()));
    return 0;
  }
}
