package dev.diecast.tools.command;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.inspect.InspectGguf;
import dev.diecast.tools.inspect.InspectPlan;
import dev.diecast.tools.inspect.ProfileList;
import dev.diecast.tools.inspect.Views;
import dev.diecast.tools.model.CompileInput;
import dev.diecast.tools.model.PlanInput;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diecast inspect}. */
@Command(
    name = "inspect",
    header = "Shows what is in a plan or a GGUF.",
    description = {
      "%nOf a plan: totals, predicted time, layers, kernels, buffers, a map of the arena and every "
          + "dispatch with its bindings; or just the parts that are asked for. Of a GGUF or a known "
          + "shape: metadata and tensors, or the plan that it compiles to when a part of a plan or "
          + "a --target is asked for. --json is for programs and holds everything; --dot, --html "
          + "and --timeline draw the plan.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast inspect model.plan | less",
      "  diecast inspect model.plan --summary",
      "  diecast inspect model.plan --json | jq .totals.decode",
      "  diecast inspect glm-4.7-flash:q4_0 --target metal --layers --kernels",
      "  diecast inspect glm-4.7-flash:q4_0 --target metal --layer 1 --why",
      "  diecast inspect model.plan --kernels --profile m4-max --depth 4096",
      "  diecast inspect glm-4.7-flash:q4_0 --html --out glm.html",
      "  diecast inspect model.plan --dot --layer 3 | dot -Tsvg > layer.svg",
      "  diecast inspect model.gguf",
    })
public final class InspectCommand implements Callable<Integer> {
  private static final int COLUMNS = 100;

  private final Console console;

  @Parameters(
      paramLabel = "PLAN|MODEL.gguf|SHAPE:TYPE",
      arity = "0..1",
      description = "What to show.")
  private @Nullable String subject;

  @Spec private CommandSpec spec = CommandSpec.create();

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

  @Option(
      names = "--layer",
      paramLabel = "N",
      description =
          "Shows the dispatches of one layer, in full; -1: those outside the layers; --dot takes "
              + "'all' as well.")
  private @Nullable String layer;

  @Mixin private PlanViewOptions parts = new PlanViewOptions();

  @Mixin private PredictionOptions prediction = new PredictionOptions();

  @Mixin private DrawingOptions drawing = new DrawingOptions();

  @Option(names = "--profiles", description = "Lists the devices to predict for, with sources.")
  private boolean profiles;

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  /** The command on a console. */
  public InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (profiles) {
      listProfiles();
      return 0;
    }
    if (width < 1) {
      throw new PlanException("--width is " + width + ", it must be 1 or more");
    }
    if (subject == null) {
      throw new ParameterException(spec.commandLine(), "name a plan, a model or a shape");
    }
    drawing.check();
    boolean wantsPlan = drawing.wanted() || layer != null || parts.given() || prediction.given();
    boolean plan = PlanInput.isPlan(subject);
    if (plan && prediction.targets()) {
      throw new ParameterException(
          spec.commandLine(), "--target is for models and shapes; " + subject + " is a plan");
    }
    if (wantsPlan || plan) {
      show(PlanInput.open(subject, prediction.compile()));
    } else {
      try (CompileInput input = CompileInput.open(subject)) {
        show(input.source());
      }
    }
    return 0;
  }

  private void listProfiles() throws IOException {
    if (json) {
      ProfileList.json(console.out());
      return;
    }
    var text = new StringBuilder();
    ProfileList.text(text);
    console.print(text.toString());
  }

  private void show(Plan plan) throws IOException {
    CostModel costs = prediction.costs(plan);
    if (drawing.wanted()) {
      drawing.write(plan, parts.program(), layer, costs, console);
      return;
    }
    if (json) {
      InspectPlan.json(plan, costs, console.out());
      return;
    }
    var text = new StringBuilder();
    Views views = parts.views(layer, width);
    if (views.any()) {
      InspectPlan.views(plan, costs, views, text);
    } else {
      InspectPlan.text(plan, costs, text, new InspectPlan.Options(!summary, !summary, width));
    }
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
