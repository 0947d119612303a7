package dev.diecast.tools.command;

import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.MslSource;
import dev.diecast.kernels.msl.rules.Clang;
import dev.diecast.kernels.msl.rules.Preprocessor;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.inspect.Json;
import dev.diecast.tools.msl.MslJson;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diecast msl reflect}. */
@Command(
    name = "reflect",
    header = "Prints what an MSL file declares, as JSON.",
    description = {
      "%nKernels with their arguments, indices, access and threadgroup memory; function constants; "
          + "the layouts of structs. Needs no compiler, unless macros or conditionals make the "
          + "kernels: --preprocess has clang expand them first.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast msl reflect kernels.metal",
      "  diecast msl reflect kernels.metal --preprocess | jq '.structs[] | {name, bytes}'",
    })
public final class MslReflectCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "The file.")
  private Path file = Path.of("");

  @Option(names = "--preprocess", description = "Expands macros and conditionals first.")
  private boolean preprocess;

  /** The command on a console. */
  public MslReflectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    MslSource source = MslSource.ofFile(file);
    if (preprocess) {
      source = new Preprocessor(Clang.find()).expand(source);
    }
    MslModule module = MslModule.parse(source);
    var root = Json.object();
    root.put("kind", "msl").put("file", file.toString());
    MslJson.module(module, root);
    Json.write(root, console.out());
    return 0;
  }
}
