package dev.diecast.tools.command;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import dev.diecast.tools.inspect.Views;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which parts of a plan to show. */
final class PlanViewOptions {
  @Option(names = "--layers", description = "Shows the table of layers.")
  private boolean layers;

  @Option(names = "--kernels", description = "Shows what each kernel costs per run.")
  private boolean kernels;

  @Option(
      names = "--why",
      description = "Shows the traced operations behind each dispatch and the rules that fired.")
  private boolean why;

  @Option(names = "--memory", description = "Shows buffers and the map of the arena.")
  private boolean memory;

  @Option(
      names = "--program",
      paramLabel = "P",
      defaultValue = Program.DECODE,
      description =
          "The program that these, --dot and --timeline show (default: ${DEFAULT-VALUE}).")
  private String program = Program.DECODE;

  PlanViewOptions() {}

  /** Whether any part is asked for. */
  boolean given() {
    return layers || kernels || why || memory;
  }

  String program() {
    return program;
  }

  Views views(@Nullable String layer, int width) {
    return new Views(layers, layer(layer), kernels, why, memory, program, width);
  }

  private static OptionalInt layer(@Nullable String layer) {
    if (layer == null) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(layer));
    } catch (NumberFormatException e) {
      throw new PlanException("'" + layer + "' is not the number of a layer", e);
    }
  }
}
