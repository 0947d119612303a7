package dev.diecast.tools.command;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.capture.passes.PassSelection;
import dev.diecast.capture.tuning.TuningDatabase;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.PlanFiles;
import dev.diecast.tools.bench.CompileTimes;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.model.CompileInput;
import dev.diecast.tools.model.OutputGuard;
import dev.diecast.tools.model.PlanSummary;
import dev.diecast.tools.model.TuningFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diecast compile}. */
@Command(
    name = "compile",
    header = "Compiles a model into a plan.",
    description = {
      "%nTraces one decode step, fuses it, plans memory and barriers, verifies the result and writes "
          + "it. Weights stay in the GGUF; of a known shape (see `diecast shapes`) none are needed. "
          + "The same model, options and version give the same bytes.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast compile model.gguf --out model.plan",
      "  diecast compile glm-4.7-flash:q4_0 --context 8192 --out glm.plan",
      "  diecast compile model.gguf --passes=-fuse --out plain.plan",
    })
public final class CompileCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "MODEL.gguf|SHAPE:TYPE|FILE.shape", description = "What to compile.")
  private String model = "";

  @Option(
      names = {"-o", "--out"},
      paramLabel = "P",
      required = true,
      description = "The plan file to write.")
  private Path out = Path.of("");

  @Option(
      names = "--target",
      paramLabel = "D",
      description = "Device to compile for: cpu (default), metal or cuda.")
  private EngineOptions.Device target = EngineOptions.Device.CPU;

  @Option(
      names = "--context",
      paramLabel = "N",
      description =
          "Tokens that the KV cache holds; 0: the model's own limit, at most 4096 (default).")
  private long context;

  @Option(
      names = "--prefill",
      paramLabel = "N",
      defaultValue = "" + CompileOptions.DEFAULT_PREFILL,
      description =
          "Prompt tokens that one step takes; 0: only one at a time (default: ${DEFAULT-VALUE}).")
  private int prefill;

  @Option(
      names = "--passes",
      paramLabel = "LIST",
      defaultValue = "",
      description =
          "Switches passes: -NAME off, +NAME on, separated by commas; -fuse stands for all fuse-... passes.")
  private String passes = "";

  @Option(
      names = "--tuning",
      paramLabel = "F",
      description = "Measured choices, as `diecast tune` writes them, before Diecast's own.")
  private @Nullable Path tuning;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "0",
      description = "Compiles N more times and says how long that takes in a warm JVM.")
  private int repeat;

  @Option(
      names = {"-q", "--quiet"},
      description = "Says nothing when all goes well.")
  private boolean quiet;

  /** The command on a console. */
  public CompileCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (repeat < 0) {
      throw new PlanException("--repeat is " + repeat + ", it must be 0 or more");
    }
    OutputGuard.check(out, "name another file");
    CompileOptions options =
        CompileOptions.DEFAULTS
            .withDevice(target.name().toLowerCase(Locale.ROOT))
            .withContext(context)
            .withPrefillTokens(prefill)
            .withTuning(measurements())
            .withPasses(PassSelection.parse(passes));
    long start = System.nanoTime();
    Plan plan;
    try (CompileInput input = CompileInput.open(model)) {
      plan = PlanCompiler.compile(input.source(), options);
    }
    long compiled = System.nanoTime();
    PlanFiles.write(plan, out);
    if (repeat > 0) {
      CompileTimes.measure(model, options, repeat).print(console);
    }
    if (!quiet) {
      console.line("%s: %s for %s", out, plan.model().name(), plan.device());
      PlanSummary.print(plan, console);
      console.line("compiled in %d ms, verified and written", (compiled - start) / 1_000_000);
    }
    return 0;
  }

  private TuningDatabase measurements() throws IOException {
    TuningDatabase own = TuningDatabase.builtIn();
    return tuning == null ? own : own.overriddenBy(TuningFile.read(tuning));
  }
}
