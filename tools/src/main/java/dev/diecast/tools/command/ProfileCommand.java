package dev.diecast.tools.command;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.capture.cost.CostProfile;
import dev.diecast.capture.cost.CostProfiles;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import dev.diecast.plans.files.NewFile;
import dev.diecast.replay.metal.GpuTrace;
import dev.diecast.replay.metal.MetalFacts;
import dev.diecast.tools.bench.Machine;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.model.OutputGuard;
import dev.diecast.tools.model.ReadyModel;
import dev.diecast.tools.profile.DispatchProfile;
import dev.diecast.tools.profile.ProfileReport;
import dev.diecast.tools.profile.ProgramTimer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code diecast profile}. */
@Command(
    name = "profile",
    header = "Measures every dispatch of a token, beside what was predicted.",
    description = {
      "%nEach dispatch runs alone and is timed: on metal by the GPU's counters where it samples "
          + "them at encoders, else by command buffers, which is coarser; on cpu by the host's "
          + "clock. A whole run overlaps dispatches, and is timed too.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast profile model.gguf --device metal",
      "  diecast profile model.gguf --device metal --depth 2000 --json",
      "  diecast profile model.gguf --trace token.json        open in Perfetto",
      "  METAL_CAPTURE_ENABLED=1 diecast profile model.gguf --device metal --gputrace t.gputrace",
    })
public final class ProfileCommand implements Callable<Integer> {
  private static final int ROOM = 64;

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private EngineOptions engine = new EngineOptions();

  @Option(
      names = "--program",
      paramLabel = "P",
      defaultValue = Program.DECODE,
      description = "The program to measure, such as prefill-32 (default: ${DEFAULT-VALUE}).")
  private String program = Program.DECODE;

  @Option(
      names = "--depth",
      paramLabel = "D",
      defaultValue = "128",
      description = "Tokens in the KV cache (default: ${DEFAULT-VALUE}).")
  private int depth;

  @Option(
      names = "--rounds",
      paramLabel = "R",
      defaultValue = "9",
      description = "How often each dispatch is measured (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description =
          "The device to predict for (default: m3-pro, h200 or generic-cpu, by the plan's device).")
  private @Nullable String profile;

  @Option(
      names = "--trace",
      paramLabel = "F",
      description = "Writes the times in the Chrome trace format, for Perfetto.")
  private @Nullable Path trace;

  @Option(
      names = "--gputrace",
      paramLabel = "F",
      description = "Captures one run as a .gputrace document, for Xcode; metal only.")
  private @Nullable Path gpuTrace;

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  /** The command on a console. */
  public ProfileCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (depth < 0 || rounds < 1 || rounds > 10_000) {
      throw new PlanException("profile: --depth is 0 or more, --rounds 1 to 10000");
    }
    if (trace != null) {
      OutputGuard.check(trace, "name another file");
    }
    try (ReadyModel ready = model.open(spec, engine, _ -> (long) depth + ROOM)) {
      CostModel costs = costs(ready.plan());
      int index = index(ready.plan());
      capture(ready);
      // What comes next has sessions of its own; weights fit a GPU's working set once.
      ready.session().close();
      DispatchProfile measured =
          new ProgramTimer(ready.file(), ready.plan(), engine.sessionOfPlan(), index, depth, rounds)
              .measure();
      report(ready, index, measured, costs);
    }
    return 0;
  }

  private void report(ReadyModel ready, int index, DispatchProfile measured, CostModel costs)
      throws Exception {
    Program measuredProgram = ready.plan().programs().get(index);
    ProfileReport report =
        new ProfileReport(
            ready.file().location(),
            machine(ready.plan()),
            ready.plan(),
            measuredProgram,
            measured,
            costs.cost(measuredProgram));
    if (trace != null) {
      NewFile.write(trace, report.trace().getBytes(StandardCharsets.UTF_8));
    }
    if (json) {
      report.printJson(console);
    } else {
      report.printTable(console);
    }
  }

  private void capture(ReadyModel ready) {
    if (gpuTrace == null) {
      return;
    }
    if (!ready.plan().device().equals("metal")) {
      throw new ParameterException(spec.commandLine(), "--gputrace goes with --device metal");
    }
    int[] prompt = new int[Math.max(1, ready.plan().program(program).tokens())];
    GpuTrace.capture(gpuTrace, () -> ready.session().prefill(prompt));
  }

  private int index(Plan plan) {
    return plan.programs().indexOf(plan.program(program));
  }

  private CostModel costs(Plan plan) {
    CostProfile device =
        profile == null ? CostProfiles.forTarget(plan.device()) : CostProfiles.of(profile);
    return CostModel.at(plan, device, depth);
  }

  private static String machine(Plan plan) {
    return plan.device().equals("metal")
        ? MetalFacts.all().getFirst().name()
        : Machine.here().cpu();
  }
}
