package dev.diecast.tools.command;

import dev.diecast.plans.Plan;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.diff.PlanDiff;
import dev.diecast.tools.diff.PlanDiffJson;
import dev.diecast.tools.diff.PlanDiffText;
import dev.diecast.tools.model.PlanInput;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diecast diff}. */
@Command(
    name = "diff",
    header = "Shows what differs between two plans.",
    description = {
      "%nTotals, kernels and, layer by layer, the dispatches that were removed (-), added (+) or "
          + "changed (~). A model or a shape stands for the plan that it compiles to. The exit code "
          + "is 0 whether the plans differ or not; --json says which in `differs`.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast diff before.plan after.plan",
      "  diecast diff glm-4.7-flash:q4_0 glm-4.7-flash:q4_k_m --target metal",
      "  diecast diff model.plan model.gguf --json | jq .differs",
    })
public final class DiffCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "PLAN|MODEL.gguf|SHAPE:TYPE",
      description = "What there was.")
  private String before = "";

  @Parameters(
      index = "1",
      paramLabel = "PLAN|MODEL.gguf|SHAPE:TYPE",
      description = "What there is now.")
  private String after = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private PredictionOptions prediction = new PredictionOptions();

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  /** The command on a console. */
  public DiffCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (prediction.targets() && PlanInput.isPlan(before) && PlanInput.isPlan(after)) {
      throw new ParameterException(
          spec.commandLine(), "--target is for models and shapes; both of these are plans");
    }
    Plan a = PlanInput.open(before, prediction.compile());
    Plan b = PlanInput.open(after, prediction.compile());
    PlanDiff diff = PlanDiff.of(a, prediction.costs(a), b, prediction.costs(b));
    if (json) {
      PlanDiffJson.write(diff, console.out());
      return 0;
    }
    var text = new StringBuilder();
    PlanDiffText.print(diff, text);
    console.print(text.toString());
    return 0;
  }
}
