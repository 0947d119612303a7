package dev.diecast.tools.command;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import dev.diecast.plans.files.NewFile;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.inspect.flow.Layers;
import dev.diecast.tools.inspect.graphviz.PlanDot;
import dev.diecast.tools.inspect.page.PlanPage;
import dev.diecast.tools.inspect.timeline.ChromeTrace;
import dev.diecast.tools.inspect.timeline.PredictedSchedule;
import dev.diecast.tools.model.OutputGuard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Forms of a plan for other programs to show: where they go and of which program they are. */
final class DrawingOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @ArgGroup private @Nullable Form form;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "F",
      description = "Writes --dot, --html or --timeline there (default: standard output).")
  private @Nullable Path out;

  /** One of them. */
  private static final class Form {
    @Option(
        names = "--dot",
        description =
            "Prints a Graphviz graph of the layer --layer (default: the first of the most common kind).")
    private boolean dot;

    @Option(
        names = "--html",
        description = "Prints one HTML page that works offline: flow, arena, costs, search.")
    private boolean html;

    @Option(
        names = "--timeline",
        description =
            "Prints predicted times in the Chrome trace format, for Perfetto or chrome://tracing.")
    private boolean timeline;
  }

  /** Whether a form was asked for. */
  boolean wanted() {
    return form != null && (form.dot || form.html || form.timeline);
  }

  /** Refuses a destination with nothing to write to it, and one that must not be replaced. */
  void check() throws IOException {
    if (out != null) {
      if (form == null) {
        throw new ParameterException(spec.commandLine(), "--out needs --dot, --html or --timeline");
      }
      OutputGuard.check(out, "name another file");
    }
  }

  /**
   * Writes the form asked for.
   *
   * @param program the name of the program that a graph or a timeline is of
   * @param layer a number, {@code all}, or null for a typical one
   */
  void write(Plan plan, String program, @Nullable String layer, CostModel costs, Console console)
      throws IOException {
    write(text(Objects.requireNonNull(form), plan, program, layer, costs), console);
  }

  private static CharSequence text(
      Form chosen, Plan plan, String program, @Nullable String layer, CostModel model)
      throws IOException {
    if (chosen.html) {
      return PlanPage.of(plan, model);
    }
    Program shown = plan.program(program);
    if (chosen.timeline) {
      return ChromeTrace.of(plan, shown, PredictedSchedule.of(model.cost(shown)));
    }
    StringBuilder dot = new StringBuilder();
    PlanDot.write(plan, shown, dispatches(shown, layer), dot);
    return dot;
  }

  private static List<Integer> dispatches(Program program, @Nullable String layer) {
    Layers layers = new Layers(program);
    if (layer == null && layers.typical() >= 0) {
      return layers.dispatches(layers.typical());
    }
    if (layer == null || layer.equals("all")) {
      return IntStream.range(0, program.dispatches().size()).boxed().toList();
    }
    try {
      return layers.dispatches(Integer.parseInt(layer));
    } catch (NumberFormatException e) {
      throw new PlanException("--layer: '" + layer + "' is neither a number nor 'all'", e);
    }
  }

  private void write(CharSequence text, Console console) throws IOException {
    if (out == null) {
      console.print(text.toString());
      return;
    }
    NewFile.write(out, text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
