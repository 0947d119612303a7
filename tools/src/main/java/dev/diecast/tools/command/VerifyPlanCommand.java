package dev.diecast.tools.command;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.PlanFiles;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.tools.console.Console;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diecast verify-plan}. */
@Command(
    name = "verify-plan",
    header = "Proves that a plan is safe to replay.",
    description = {
      "%nChecks, knowing nothing of the compiler: every range inside its buffer, every hazard behind "
          + "a barrier, no live memory shared, expert addresses inside their tensors, kernels bound as "
          + "their contracts say. With --model, also that the plan belongs to that file.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast verify-plan model.plan",
      "  diecast verify-plan model.plan --model model.gguf && echo good",
    })
public final class VerifyPlanCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "PLAN", description = "The plan.")
  private Path file = Path.of("");

  @Option(names = "--model", paramLabel = "GGUF", description = "The model it should be for.")
  private @Nullable Path model;

  /** The command on a console. */
  public VerifyPlanCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Plan plan = PlanFiles.read(file);
    if (model != null) {
      check(plan, model);
    }
    int dispatches = plan.programs().stream().mapToInt(p -> p.dispatches().size()).sum();
    console.line(
        "%s: holds: %d programs, %d dispatches, %d buffers, %d tensors",
        file, plan.programs().size(), dispatches, plan.buffers().size(), plan.tensors().size());
    return 0;
  }

  private void check(Plan plan, Path model) {
    try (GgufFile gguf = GgufFile.open(model)) {
      if (!plan.model().fingerprint().equals(gguf.fingerprint())) {
        throw new PlanException(file + ": was compiled for another model than " + model);
      }
    }
  }
}
