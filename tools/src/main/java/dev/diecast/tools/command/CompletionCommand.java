package dev.diecast.tools.command;

import dev.diecast.tools.console.Console;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code diecast completion}. */
@Command(
    name = "completion",
    header = "Prints a completion script for bash and zsh.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(diecast completion)                     for this shell",
      "  diecast completion > ~/.local/share/bash-completion/completions/diecast",
    })
public final class CompletionCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** The command on a console. */
  public CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    console.print(AutoComplete.bash("diecast", spec.root().commandLine()));
    return 0;
  }
}
