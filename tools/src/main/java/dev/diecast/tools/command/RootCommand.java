package dev.diecast.tools.command;

import dev.diecast.tools.console.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command that holds the others. */
@Command(
    name = "diecast",
    versionProvider = Version.class,
    header = "Compiles one decode step of a language model into a plan, and replays it per token.",
    synopsisSubcommandLabel = "COMMAND",
    descriptionHeading = "%n",
    description = {
      "A GGUF model goes in, a plan comes out: a fixed list of kernels, buffers and argument "
          + "offsets. Replaying the plan generates tokens.",
    },
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nStart here:%n",
    footer = {
      "  diecast demo                                     see it work, no download needed",
      "  diecast generate MODEL.gguf --prompt 'Once upon' generate text",
      "  diecast compile glm-4.7-flash:q4_0 --out p.plan  a plan for a known shape, no weights",
      "  diecast inspect p.plan                           what is in it",
      "",
      "From a source checkout, ./diecast also knows `verify` (build and run every test) and `dist`",
      "(make a distribution that needs no JDK).",
      "",
      "Exit codes: 0 fine, 1 a fault in diecast, 2 usage, 3 unusable input, 4 device or memory,",
      "5 reading or writing, 130 Ctrl-C. DIECAST_DEBUG=1 shows stack traces;",
      "DIECAST_JAVA_OPTS adds options for the JVM.",
    })
@SuppressWarnings("UnusedVariable") // picocli reads the flags, nobody else
public final class RootCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Shows the version.")
  private boolean version;

  /** The command, ready for picocli to fill in. */
  public RootCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }
}
