package dev.diecast.tools.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diecast.plans.PlanException;
import dev.diecast.replay.GenerateOptions;
import dev.diecast.replay.Generation;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.model.ReadyModel;
import dev.diecast.tools.model.TextInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code diecast generate}. */
@Command(
    name = "generate",
    header = "Generates text from a prompt.",
    description = {
      "%nTakes a GGUF, for which it compiles a plan in memory, or a plan together with its GGUF. "
          + "The prompt comes from --prompt, --prompt-file or standard input, and counts as it is: no "
          + "chat template is applied. Text goes to standard output as it is generated.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast generate model.gguf --prompt 'Once upon a time'",
      "  diecast generate model.gguf -p 'Name a colour:' -n 8 --temperature 0.8 --seed 7 --stats",
      "  diecast generate model.plan --model model.gguf --prompt-file question.txt",
      "  echo 'def fib(n):' | diecast generate model.gguf --stop 'def '",
    })
public final class GenerateCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private SamplingOptions sampling = new SamplingOptions();

  @ArgGroup(exclusive = true)
  private @Nullable Prompt prompt;

  static final class Prompt {
    @Option(
        names = {"-p", "--prompt"},
        paramLabel = "TEXT",
        description = "The prompt.")
    private @Nullable String text;

    @Option(
        names = {"-f", "--prompt-file"},
        paramLabel = "F",
        description = "A UTF-8 file that holds the prompt; - is standard input.")
    private @Nullable Path file;
  }

  @Option(
      names = {"-n", "--max-tokens"},
      paramLabel = "N",
      defaultValue = "256",
      description = "The most tokens to generate (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "Text that ends the generation; may be given several times.")
  private List<String> stops = List.of();

  @Option(names = "--no-bos", description = "Does not put the model's start token first.")
  private boolean noBos;

  @Option(names = "--stats", description = "Prints speed and memory on standard error.")
  private boolean stats;

  /** The command on a console. */
  public GenerateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    var options = new GenerateOptions(maxTokens, sampling.sampling(), stops, !noBos, true);
    TextInput given = promptText();
    String text = given.text();
    if (text.isEmpty()) {
      throw new PlanException(given.where() + ": the prompt is empty");
    }
    try (ReadyModel ready = model.open(spec, engine)) {
      Generation generation = generate(ready, text, options);
      console.println("");
      console.out().flush();
      if (stats) {
        GenerationStats.print(console, ready, generation);
      }
    }
    return 0;
  }

  private Generation generate(ReadyModel ready, String text, GenerateOptions options)
      throws IOException {
    try {
      return ready.session().generate(text, options, this::stream);
    } catch (UncheckedIOException e) {
      throw e.getCause() == null ? new IOException(e) : e.getCause();
    }
  }

  private void stream(String piece) {
    try {
      console.out().write(piece.getBytes(UTF_8));
      console.out().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TextInput promptText() throws IOException {
    if (prompt != null && prompt.text != null) {
      return new TextInput(prompt.text, "--prompt");
    }
    if (prompt != null && prompt.file != null) {
      return TextInput.read(prompt.file, console);
    }
    if (console.inIsTerminal()) {
      throw new ParameterException(
          spec.commandLine(), "no prompt: give --prompt TEXT, --prompt-file F, or pipe text in");
    }
    return TextInput.read(Path.of("-"), console);
  }
}
