package dev.diecast.tools.command;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.passes.PassSelection;
import dev.diecast.plans.PlanException;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.console.Progress;
import dev.diecast.tools.model.InterpretedLogits;
import dev.diecast.tools.model.LogitRows;
import dev.diecast.tools.model.LogitSource;
import dev.diecast.tools.model.OutputGuard;
import dev.diecast.tools.model.ReplayedLogits;
import dev.diecast.tools.model.RunnableDevices;
import dev.diecast.tools.model.TokenList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diecast logits}. */
@Command(
    name = "logits",
    header = "Writes the logits after each of the given tokens.",
    description = {
      "%nFeeds the tokens one after another, whatever the model would have chosen, and writes one "
          + "row per token: n_vocab float32 values, little-endian, nothing else.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast logits model.gguf --tokens 1,15043,3186 --out rows.f32",
      "  diecast logits model.gguf --tokens 1,15043 --device interpreter --out exact.f32",
    })
public final class LogitsCommand implements Callable<Integer> {
  /** Where logits can come from. */
  enum Source {
    CPU,
    METAL,
    CUDA,
    INTERPRETER
  }

  private final Console console;

  @Parameters(paramLabel = "MODEL.gguf", description = "The model.")
  private Path model = Path.of("");

  @Option(
      names = "--tokens",
      paramLabel = "IDS",
      required = true,
      description = "Token ids separated by commas.")
  private String tokens = "";

  @Option(
      names = {"-o", "--out"},
      paramLabel = "F",
      required = true,
      description = "The file to write.")
  private Path out = Path.of("");

  @Option(
      names = "--device",
      paramLabel = "D",
      description = {
        "cpu (default), metal, or interpreter: the traced graph in float64, slow and exact."
      })
  private Source device = Source.CPU;

  @Mixin private RunOptions run = new RunOptions();

  @Option(
      names = "--passes",
      paramLabel = "LIST",
      defaultValue = "",
      description = "Switches compiler passes, as in `diecast compile`.")
  private String passes = "";

  /** The command on a console. */
  public LogitsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    OutputGuard.check(out, "name another file");
    int[] ids = TokenList.parse("--tokens", tokens, "\\s*,\\s*");
    if (ids.length == 0) {
      throw new PlanException("--tokens names no token");
    }
    try (LogitSource source = open(ids.length)) {
      check(ids, source.vocab());
      write(source, ids);
    }
    return 0;
  }

  private void write(LogitSource source, int[] ids) throws IOException {
    float[] row = new float[source.vocab()];
    try (LogitRows rows = LogitRows.to(out, row.length, ids.length);
        Progress progress = Progress.ofSteps(console, "logits", ids.length)) {
      for (int i = 0; i < ids.length; i++) {
        source.next(ids[i], row);
        rows.write(row);
        progress.reached(i + 1);
      }
      rows.commit();
    }
  }

  private LogitSource open(int count) {
    if (device == Source.INTERPRETER) {
      return InterpretedLogits.open(model);
    }
    String target = device.name().toLowerCase(Locale.ROOT);
    RunnableDevices.require(target);
    CompileOptions compile =
        CompileOptions.DEFAULTS
            .withDevice(target)
            .withContext(count)
            .withPasses(PassSelection.parse(passes));
    return ReplayedLogits.open(model, compile, run.session());
  }

  private static void check(int[] ids, int vocab) {
    for (int id : ids) {
      if (id >= vocab) {
        throw new PlanException("token %d is not in the vocabulary of %d".formatted(id, vocab));
      }
    }
  }
}
