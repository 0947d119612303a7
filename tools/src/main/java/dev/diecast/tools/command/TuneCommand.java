package dev.diecast.tools.command;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.capture.tuning.TuningDatabase;
import dev.diecast.capture.tuning.TuningKey;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.SessionOptions;
import dev.diecast.replay.metal.MetalFacts;
import dev.diecast.tools.bench.Machine;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.console.Progress;
import dev.diecast.tools.model.TuningFile;
import dev.diecast.tools.tune.AttentionTuner;
import dev.diecast.tools.tune.AttentionTuner.Outcome;
import dev.diecast.tools.tune.AttentionTuner.Timing;
import dev.diecast.tools.tune.EncoderTuner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diecast tune}. */
@Command(
    name = "tune",
    header = "Measures which choices of the planner suit this machine.",
    description = {
      "%nTries into how many parts decode attention cuts the context, for the attention shape of a "
          + "model, and prints the line for a tuning file. Stops early when a choice is as fast as "
          + "a step without context. On metal it also measures which encoder brings commands to "
          + "the GPU fastest. Plans take the choices of Diecast's own tuning file and of "
          + "`compile --tuning F`, and record them.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast tune model.gguf",
      "  diecast tune model.gguf --depth 2000 --seconds 60 --out my-tuning.txt",
      "  diecast compile model.gguf --tuning my-tuning.txt --out model.plan",
    })
public final class TuneCommand implements Callable<Integer> {
  /** Share of the time that goes to encoders, after that of the attention. */
  private static final double ENCODERS = 0.3;

  private final Console console;

  @Parameters(paramLabel = "MODEL.gguf", description = "The model to measure with.")
  private Path model = Path.of("");

  @Mixin private EngineOptions engine = new EngineOptions();

  @Option(
      names = "--depth",
      paramLabel = "D",
      defaultValue = "512",
      description = "Tokens in the KV cache (default: ${DEFAULT-VALUE}).")
  private int depth;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "30",
      description = "How long to measure at most, about (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "F",
      description = "Adds the choice to this tuning file, or starts one.")
  private @Nullable Path out;

  /** The command on a console. */
  public TuneCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    require(depth >= 1, "--depth", depth + ", it must be 1 or more");
    require(seconds > 0 && seconds <= 3600, "--seconds", seconds + ", expected 0 to 3600");
    if (out != null && Files.exists(out)) {
      TuningFile.read(out); // what is no tuning file is refused before anything is measured
    }
    try (GgufFile file = GgufFile.open(model)) {
      CompileOptions options = engine.compile(file, model -> depth + 64L);
      Outcome outcome = measure(file, options);
      print(outcome);
      TuningDatabase found = TuningDatabase.EMPTY;
      for (TuningKey key : outcome.shapes()) {
        found = found.with(key, "splits", outcome.best().splits());
      }
      if (options.device().equals("metal")) {
        EncoderTuner.Outcome encoders = encoders(file, options);
        print(encoders);
        found = found.with(encoders.key(), "encoder", encoders.best().encoder().number());
      }
      save(found);
    }
    return 0;
  }

  private Outcome measure(GgufFile file, CompileOptions options) {
    long millis = (long) (seconds * 1e3);
    try (Progress progress = Progress.ofSteps(console, "milliseconds", millis)) {
      return AttentionTuner.run(
          file,
          options,
          engine.session(),
          depth,
          seconds,
          done -> progress.reached(Math.min(done, millis)));
    }
  }

  private void print(Outcome outcome) throws IOException {
    console.line(
        "%s on %s, %d tokens of context%s",
        model,
        machine(),
        depth,
        outcome.early() ? "; stopped early, one choice is as good as it gets" : "");
    for (Timing timing : outcome.timings()) {
      console.line(
          "  splits %3d %10.1f us per step, median of %d%s",
          timing.splits(),
          timing.micros(),
          timing.steps(),
          timing.equals(outcome.best()) ? "   <- best" : "");
    }
    console.line("  empty context %6.1f us per step", outcome.floorMicros());
  }

  private EncoderTuner.Outcome encoders(GgufFile file, CompileOptions options) {
    return EncoderTuner.run(
        file, PlanCompiler.compile(file, options), engine.session(), ENCODERS * seconds);
  }

  private void print(EncoderTuner.Outcome outcome) throws IOException {
    for (EncoderTuner.Timing timing : outcome.timings()) {
      console.line(
          "  encoder %-6s %6.1f us per token, median of %d%s",
          timing.name(),
          timing.micros(),
          timing.steps(),
          timing.equals(outcome.best()) ? "   <- best" : "");
    }
    for (String reason : outcome.left()) {
      console.line("  %s", reason);
    }
  }

  private void save(TuningDatabase found) throws IOException {
    SessionOptions options = engine.session();
    String how =
        engine.device().name().equals("cpu")
            ? options.threads() + " threads"
            : options.metal().tokensInFlight() + " tokens in flight";
    String provenance =
        "%s, %s, depth %d, %s".formatted(machine(), how, depth, LocalDate.now(ZoneOffset.UTC));
    for (String line : TuningFile.lines(found, provenance)) {
      console.println(line);
    }
    if (out != null) {
      TuningFile.add(found, provenance, out);
    }
  }

  /** What was measured on: the GPU, or the processor. */
  private String machine() {
    return engine.device().name().equals("metal")
        ? MetalFacts.all().getFirst().name()
        : Machine.here().cpu();
  }

  private static void require(boolean holds, String option, String finding) {
    if (!holds) {
      throw new PlanException(option + " is " + finding);
    }
  }
}
