package dev.diecast.tools.command;

import dev.diecast.replay.SessionOptions;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.console.Progress;
import dev.diecast.tools.demo.DemoModel;
import dev.diecast.tools.demo.Evaluation;
import dev.diecast.tools.demo.EvaluationReport;
import dev.diecast.tools.demo.HeldOutSet;
import dev.diecast.tools.model.ReadyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diecast eval}. */
@Command(
    name = "eval",
    header = "Measures how many answers a model gets right.",
    description = {
      "%nThe set `demo` has 1000 sums and 200 questions that the bundled model was not trained on. "
          + "It answers with the likeliest token every time; a sum is right when its last line is, a "
          + "question when the whole answer is.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast eval demo",
      "  diecast eval demo --type q4_0 --stories 200 --json",
      "  diecast eval demo --model demo.f16.gguf          the file that the training writes",
    })
@SuppressWarnings("UnusedVariable") // there is one set, and picocli checks its name
public final class EvalCommand implements Callable<Integer> {
  /** What can be measured. */
  enum Set {
    DEMO
  }

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "SET", description = "demo: the bundled model and its held-out set.")
  private Set set = Set.DEMO;

  @Mixin private EngineOptions engine = new EngineOptions();

  @Option(
      names = "--type",
      paramLabel = "T",
      description = "Weights of the bundled model: q8_0 (default) or q4_0.")
  private DemoModel.@Nullable Type type;

  @Option(
      names = "--model",
      paramLabel = "GGUF",
      description = "Another file of that model, say in f16.")
  private @Nullable Path model;

  @Option(
      names = "--items",
      paramLabel = "N",
      defaultValue = "1200",
      description = "Asks N items, spread over the set (default: all ${DEFAULT-VALUE}).")
  private int items;

  @Option(
      names = "--stories",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Has N stories told at temperature 0.8 and checks their grammar (default: none).")
  private int stories;

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  /** The command on a console. */
  public EvalCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (items < 1 || stories < 0) {
      throw misuse("--items is 1 or more and --stories 0 or more");
    }
    if (model != null && type != null) {
      throw misuse("--type is for the bundled model; the file of --model has its own");
    }
    SessionOptions options = engine.session();
    if (model != null) {
      evaluate(model, String.valueOf(model), options);
    } else {
      try (DemoModel demo = DemoModel.unpack(type == null ? DemoModel.Type.Q8_0 : type)) {
        evaluate(demo.path(), "demo", options);
      }
    }
    return 0;
  }

  private void evaluate(Path file, String name, SessionOptions options) throws IOException {
    HeldOutSet questions = HeldOutSet.load().atMost(items);
    try (ReadyModel ready =
            ReadyModel.compile(file, source -> engine.compile(source, _ -> 0), options);
        Progress progress =
            Progress.ofSteps(console, "answers", (long) questions.items().size() + stories)) {
      Evaluation evaluation =
          Evaluation.run(ready.session(), questions, stories, progress::reached);
      String weights = ready.plan().model().weightType();
      var report = new EvaluationReport(name, weights, ready.plan().device(), evaluation);
      if (json) {
        report.printJson(console);
      } else {
        report.printTable(console);
      }
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
