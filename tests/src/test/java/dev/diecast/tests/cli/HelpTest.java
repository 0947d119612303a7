package dev.diecast.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.tools.Diecast;
import dev.diecast.tools.console.Console;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

final class HelpTest {
  static Stream<String> commands() {
    CommandLine line = Diecast.commandLine(Console.ofProcess());
    return line.getSubcommands().keySet().stream();
  }

  @Test
  void allCommandsAreThere() {
    assertThat(commands())
        .containsExactlyInAnyOrder(
            "demo",
            "compile",
            "generate",
            "inspect",
            "diff",
            "verify-plan",
            "replay",
            "bench",
            "profile",
            "doctor",
            "selftest",
            "eval",
            "tune",
            "synth",
            "shapes",
            "msl",
            "pipelines",
            "tokenize",
            "logits",
            "completion",
            "version");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandExplainsItself(String command) {
    Cli help = Cli.run(command, "--help");
    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.text()).contains("Usage: diecast " + command).contains("--help");
    assertThat(help.text().lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(101));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandsWithArgumentsShowExamples(String command) {
    String help = Cli.run(command, "--help").text();
    boolean takesArguments =
        help.lines().anyMatch(line -> line.matches(" +(MODEL|PLAN|SHAPE|FILE).*"));
    if (takesArguments) {
      assertThat(help).contains("Examples:").contains("  diecast " + command);
    }
  }

  @Test
  void theFirstPageShowsEveryCommandAndTheExitCodes() {
    Cli help = Cli.run("--help");
    assertThat(help.code()).isZero();
    assertThat(commands()).allSatisfy(command -> assertThat(help.text()).contains("  " + command));
    assertThat(help.text()).contains("Exit codes:").contains("DIECAST_JAVA_OPTS");
  }

  @Test
  void noArgumentsShowTheFirstPage() {
    assertThat(Cli.run().text()).isEqualTo(Cli.run("--help").text());
  }

  @Test
  void versionsAreShown() {
    assertThat(Cli.run("version").text()).startsWith("diecast 0.").contains("java 2");
    assertThat(Cli.run("--version").text()).startsWith("diecast 0.");
  }

  @Test
  void completionIsAScriptThatKnowsTheCommands() {
    Cli completion = Cli.run("completion");
    assertThat(completion.code()).isZero();
    assertThat(completion.text()).startsWith("#!").contains("verify-plan").contains("--max-tokens");
  }

  @Test
  void shapesAreListed() {
    Cli shapes = Cli.run("shapes");
    assertThat(shapes.code()).isZero();
    assertThat(shapes.text()).contains("glm-4.7-flash").contains("deepseek2").contains("q4_k_m");
  }
}
