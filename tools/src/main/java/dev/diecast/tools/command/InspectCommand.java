package dev.diecast.tools.command;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanFiles;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.inspect.InspectGguf;
import dev.diecast.tools.inspect.InspectPlan;
import dev.diecast.tools.model.CompileInput;
import dev.diecast.tools.model.FileKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diecast inspect}. */
@Command(
    name = "inspect",
    header = "Shows what is in a plan or a GGUF.",
    description = {
      "%nOf a plan: kernels, buffers, a map of the arena, every dispatch with its bindings, and "
          + "totals. Of a GGUF or a known shape: metadata and tensors. --json is for programs.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast inspect model.plan | less",
      "  diecast inspect model.plan --summary",
      "  diecast inspect model.plan --json | jq .totals.decode",
      "  diecast inspect model.gguf",
    })
public final class InspectCommand implements Callable<Integer> {
  private static final int COLUMNS = 100;

  private final Console console;

  @Parameters(paramLabel = "PLAN|MODEL.gguf|SHAPE:TYPE", description = "What to show.")
  private String subject = "";

  @Option(
      names = {"-s", "--summary"},
      description = "Of a plan: leaves out arena and dispatches.")
  private boolean summary;

  @Option(
      names = "--width",
      paramLabel = "N",
      defaultValue = "" + COLUMNS,
      description = "Columns of the terminal (default: ${DEFAULT-VALUE}).")
  private int width;

  @Option(names = "--layer", paramLabel = "N|all", description = "The layer that --dot shows.")
  private @Nullable String layer;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "The device that times are predicted for (default: one of the plan's target).")
  private @Nullable String profile;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "Tokens in the KV cache that times are predicted for.")
  private @Nullable Long depth;

  @Mixin private DrawingOptions drawing = new DrawingOptions();

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  /** The command on a console. */
  public InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    drawing.check();
    Path file = Path.of(subject);
    if (Files.exists(file) && FileKind.of(file) == FileKind.PLAN) {
      show(PlanFiles.read(file));
    } else {
      try (CompileInput input = CompileInput.open(subject)) {
        if (drawing.wanted()) {
          show(PlanCompiler.compile(input.source(), CompileOptions.DEFAULTS));
        } else {
          show(input.source());
        }
      }
    }
    return 0;
  }

  private void show(Plan plan) throws IOException {
    if (drawing.wanted()) {
      drawing.write(plan, layer, profile, depth, console);
      return;
    }
    if (json) {
      InspectPlan.json(plan, console.out());
      return;
    }
    var text = new StringBuilder();
    InspectPlan.text(plan, text, new InspectPlan.Options(!summary, !summary, width));
    console.print(text.toString());
  }

  private void show(ModelSource model) throws IOException {
    if (json) {
      InspectGguf.json(model, console.out());
      return;
    }
    var text = new StringBuilder();
    InspectGguf.text(model, text);
    console.print(text.toString());
  }
}
