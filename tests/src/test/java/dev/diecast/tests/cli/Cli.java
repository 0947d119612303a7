package dev.diecast.tests.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diecast.tools.Diecast;
import dev.diecast.tools.console.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/**
 * One run of the command line in this process.
 *
 * @param code the exit code
 * @param out all of standard output
 * @param err all of standard error
 */
record Cli(int code, byte[] out, String err) {

  static Cli run(String... args) {
    return runWithInput("", args);
  }

  static Cli runWithInput(String input, String... args) {
    return run(input, false, args);
  }

  /** As if a person sat at the keyboard and typed nothing. */
  static Cli runAtTerminal(String... args) {
    return run("", true, args);
  }

  private static Cli run(String input, boolean inIsTerminal, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            out,
            new PrintStream(err, true, UTF_8),
            inIsTerminal,
            false);
    int code = Diecast.run(console, args);
    return new Cli(code, out.toByteArray(), err.toString(UTF_8));
  }

  String text() {
    return new String(out, UTF_8);
  }
}
