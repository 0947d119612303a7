package dev.diecast.tools.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code diecast msl}. */
@Command(
    name = "msl",
    header = "Checks and reads kernels in Metal Shading Language, without a Mac.",
    description = {
      "%n`msl check` says what Apple's compiler would refuse; `msl reflect` says what a file "
          + "declares. docs/msl.md holds the rules.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast msl check kernels.metal",
      "  diecast msl reflect kernels.metal | jq '.kernels[].name'",
    })
public final class MslCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** The command, ready for picocli to fill in. */
  public MslCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "check or reflect?");
  }
}
