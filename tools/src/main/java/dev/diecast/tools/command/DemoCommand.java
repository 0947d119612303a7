package dev.diecast.tools.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.replay.GenerateOptions;
import dev.diecast.replay.Generation;
import dev.diecast.replay.Sampling;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.model.BundledModel;
import dev.diecast.tools.model.CompileInput;
import dev.diecast.tools.model.PlanSummary;
import dev.diecast.tools.model.ReadyModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code diecast demo}. */
@Command(
    name = "demo",
    header = "Compiles a small bundled model and generates text with it; needs no download.",
    description = {
      "%nThe bundled model has the architecture of GLM-4.7-Flash (latent attention, mixture of "
          + "experts) in miniature and random weights: the machinery is real, the text is noise.",
    })
public final class DemoCommand implements Callable<Integer> {
  private static final String REAL_SHAPE = "glm-4.7-flash:q4_0";
  private static final String PROMPT = "Once upon a time";
  private static final int CONTEXT = 256;
  private static final int TOKENS = 96;
  private static final long SEED = 7;

  private final Console console;

  /** The command on a console. */
  public DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    CompileOptions options = CompileOptions.DEFAULTS.withContext(CONTEXT);
    try (BundledModel bundled = BundledModel.unpack();
        ReadyModel ready =
            ReadyModel.compile(bundled.path(), _ -> options, SessionOptions.defaults())) {
      showPlan(ready.plan(), ready.compileNanos(), "1. A miniature GLM-4.7-Flash, random weights");
      showText(ready);
    }
    showRealShape();
    showNextSteps();
    return 0;
  }

  private void showPlan(Plan plan, long nanos, String title) throws IOException {
    console.line("%s: compiled in %d ms", title, nanos / 1_000_000);
    console.line(
        "  model       %s, %d layers of width %d, %s",
        plan.model().architecture(),
        plan.model().layers(),
        plan.model().embedding(),
        plan.model().weightType());
    PlanSummary.print(plan, console);
    console.println("");
  }

  private void showText(ReadyModel ready) throws IOException {
    console.line("2. The plan replayed for every token; with random weights the text is noise");
    console.print("  " + PROMPT + "|");
    console.out().flush();
    var options =
        GenerateOptions.defaults().withMaxTokens(TOKENS).withSampling(Sampling.usual(SEED));
    Generation generation = ready.session().generate(PROMPT, options, this::stream);
    console.line(
        "%n  %d tokens, %.0f tok/s, %.1f us per token outside the device%n",
        generation.tokens().size(),
        generation.timings().decodeTokensPerSecond(),
        generation.timings().hostMicrosPerToken());
  }

  private void stream(String piece) {
    try {
      // Noise may hold line breaks and control characters; keep it on its line.
      console.out().write(piece.replaceAll("\\p{Cntrl}", " ").getBytes(UTF_8));
      console.out().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void showRealShape() throws IOException {
    try (CompileInput input = CompileInput.open(REAL_SHAPE)) {
      long start = System.nanoTime();
      Plan plan = PlanCompiler.compile(input.source(), CompileOptions.DEFAULTS);
      showPlan(
          plan,
          System.nanoTime() - start,
          "3. The real GLM-4.7-Flash, a plan from its shape alone");
    }
  }

  private void showNextSteps() throws IOException {
    console.println("Where to go next");
    console.println(
        "  diecast generate MODEL.gguf --prompt 'Once upon a time'   with a model of yours");
    console.println(
        "  diecast compile glm-4.7-flash:q4_0 --out glm.plan          keep the plan of part 3");
    console.println(
        "  diecast inspect glm.plan                                   and see what is in it");
    console.println(
        "  diecast synth tinyllama-1.1b:q4_0 --out tiny.gguf          a full-size file to measure");
    console.println("  diecast bench tiny.gguf");
  }
}
