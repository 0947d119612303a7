package dev.diecast.tools.command;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.replay.GenerateOptions;
import dev.diecast.replay.Generation;
import dev.diecast.replay.Sampling;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.console.WrappedText;
import dev.diecast.tools.demo.ChatPrompt;
import dev.diecast.tools.demo.DemoModel;
import dev.diecast.tools.model.CompileInput;
import dev.diecast.tools.model.PlanSummary;
import dev.diecast.tools.model.ReadyModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code diecast demo}. */
@Command(
    name = "demo",
    header = "Compiles a small bundled model, has it tell a story and add; needs no download.",
    description = {
      "%nThe bundled model has the architecture of GLM-4.7-Flash (latent attention, mixture of "
          + "experts) in miniature: 2.8 million weights, trained on very short stories, sums and "
          + "simple questions. `eval demo` measures how many of its answers are right.",
    })
public final class DemoCommand implements Callable<Integer> {
  private static final String REAL_SHAPE = "glm-4.7-flash:q4_0";
  private static final String STORY = "Once upon a time";
  private static final String SUM = "What is 946 + 566?";
  private static final int COLUMNS = 96;
  private static final long SEED = 7;

  private final Console console;

  @Mixin private DeviceOption device = new DeviceOption();
  @Mixin private RunOptions run = new RunOptions();

  /** The command on a console. */
  public DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    CompileOptions compile = CompileOptions.DEFAULTS.withDevice(device.available());
    try (DemoModel demo = DemoModel.unpack(DemoModel.Type.Q8_0);
        ReadyModel ready = ReadyModel.compile(demo.path(), _ -> compile, run.session())) {
      showPlan(ready.plan(), ready.compileNanos(), "1. A miniature GLM-4.7-Flash");
      showStory(ready);
      showSum(ready);
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

  private void showStory(ReadyModel ready) throws IOException {
    console.println("2. A story, the plan replayed for every token");
    var shown = new WrappedText(console, "  ", COLUMNS);
    shown.add(STORY);
    var options = GenerateOptions.defaults().withSampling(Sampling.usual(SEED));
    Generation generation = ready.session().generate(STORY, options, piece -> add(shown, piece));
    shown.end();
    showSpeed(generation);
  }

  private static void add(WrappedText text, String piece) {
    try {
      text.add(piece);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void showSum(ReadyModel ready) throws IOException {
    console.line("3. A sum that it was not trained on: %s", SUM);
    Generation generation =
        ready.session().generate(ChatPrompt.of(SUM), GenerateOptions.defaults(), _ -> {});
    console.println(generation.text().indent(2).stripTrailing());
    showSpeed(generation);
  }

  private void showSpeed(Generation generation) throws IOException {
    console.line(
        "  (%d tokens, %.0f tok/s, %.1f us per token outside the device)%n",
        generation.tokens().size(),
        generation.timings().decodeTokensPerSecond(),
        generation.timings().hostMicrosPerToken());
  }

  private void showRealShape() throws IOException {
    try (CompileInput input = CompileInput.open(REAL_SHAPE)) {
      long start = System.nanoTime();
      Plan plan = PlanCompiler.compile(input.source(), CompileOptions.DEFAULTS);
      showPlan(
          plan,
          System.nanoTime() - start,
          "4. The real GLM-4.7-Flash, a plan from its shape alone");
    }
  }

  private void showNextSteps() throws IOException {
    console.println("Where to go next");
    next("eval demo", "how many of its answers are right");
    next("generate MODEL.gguf --prompt 'Once upon a time'", "with a model of yours");
    next("compile glm-4.7-flash:q4_0 --out glm.plan", "keep the plan of part 4");
    next("inspect glm.plan", "and see what is in it");
    next("synth tinyllama-1.1b:q4_0 --out tiny.gguf", "a full-size file to measure");
    next("bench tiny.gguf", "and how fast it is here");
  }

  private void next(String command, String what) throws IOException {
    console.line("  diecast %-48s  %s", command, what);
  }
}
