package dev.diecast.tools.command;

import dev.diecast.plans.shapes.ShapeFile;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.model.CompileInput;
import dev.diecast.tools.model.OutputGuard;
import dev.diecast.tools.model.UserShapes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diecast shapes add}. */
@Command(
    name = "add",
    header = "Adds the shape of a GGUF, so that it compiles without the file.",
    description = {
      "%nWrites the metadata that a plan depends on and the tensor table as text; no weights. "
          + "Without --out the file goes to $DIECAST_SHAPES, else to diecast/shapes in "
          + "$XDG_CONFIG_HOME or ~/.config, and its name serves `compile` and `inspect`.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast shapes add model.gguf --name my-model",
      "  diecast compile my-model --out my.plan",
      "  diecast shapes add model.gguf --name my-model --out my-model.shape",
      "  diecast compile my-model.shape --out my.plan",
    })
public final class ShapesAddCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "MODEL.gguf", description = "The model.")
  private String model = "";

  @Option(
      names = "--name",
      paramLabel = "N",
      required = true,
      description = "What to call the shape.")
  private String name = "";

  @Option(
      names = {"-o", "--out"},
      paramLabel = "F",
      description = "The file to write (default: N.shape in the user's folder).")
  private @Nullable Path out;

  /** The command on a console. */
  public ShapesAddCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Path own = UserShapes.fileFor(name);
    Path file = out == null ? own : out;
    OutputGuard.check(file, "name another file");
    if (out == null) {
      Files.createDirectories(UserShapes.folder());
    }
    try (CompileInput input = CompileInput.open(model)) {
      ShapeFile.write(input.source(), name, file);
      console.line("%s: %s, %d tensors", file, name, input.source().tensors().size());
    }
    console.line("compile it: diecast compile %s --out %s.plan", out == null ? name : file, name);
    return 0;
  }
}
