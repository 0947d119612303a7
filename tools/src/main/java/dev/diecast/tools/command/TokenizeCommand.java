package dev.diecast.tools.command;

import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.tokenizer.Tokenizer;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.model.TextInput;
import dev.diecast.tools.model.TokenList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diecast tokenize}. */
@Command(
    name = "tokenize",
    header = "Turns text into token ids, or back.",
    description = {
      "%nPrints the ids separated by spaces, on one line. A GGUF that holds nothing but a "
          + "vocabulary serves. Texts of control tokens, such as <|im_start|>, count as those tokens.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast tokenize model.gguf --file story.txt",
      "  diecast tokenize model.gguf --text 'Hello, world' --no-bos",
      "  echo 9906 11 1917 | diecast tokenize model.gguf --decode",
    })
public final class TokenizeCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "MODEL.gguf", description = "Whose tokenizer.")
  private Path model = Path.of("");

  @ArgGroup(exclusive = true)
  private @Nullable Input input;

  static final class Input {
    @Option(
        names = {"-f", "--file"},
        paramLabel = "F",
        description = "The file to read (default: -, standard input).")
    private @Nullable Path file;

    @Option(names = "--text", paramLabel = "TEXT", description = "The text itself.")
    private @Nullable String text;
  }

  @Option(names = "--no-bos", description = "Adds no start or end token.")
  private boolean noBos;

  @Option(names = "--no-special", description = "Texts of control tokens are text like any other.")
  private boolean noSpecial;

  @Option(names = "--decode", description = "The input is ids; prints their text.")
  private boolean decode;

  /** The command on a console. */
  public TokenizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    TextInput given = input();
    try (GgufFile file = GgufFile.open(model)) {
      Tokenizer tokenizer = Tokenizer.of(file.metadata());
      if (decode) {
        console.print(tokenizer.decode(TokenList.parse(given.where(), given.text(), "[\\s,]+")));
      } else {
        console.println(TokenList.join(tokenizer.encode(given.text(), !noBos, !noSpecial)));
      }
    }
    return 0;
  }

  private TextInput input() throws IOException {
    if (input != null && input.text != null) {
      return new TextInput(input.text, "--text");
    }
    Path file = input == null || input.file == null ? Path.of("-") : input.file;
    return TextInput.read(file, console);
  }
}
