package dev.diecast.tools.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code diecast pipelines}. */
@Command(
    name = "pipelines",
    header = "Compiles Metal kernels ahead of time, and lists what is compiled.",
    description = {
      "%nA session compiles what it lacks and keeps it, so this is never needed; it moves the wait "
          + "from the first start to a time of your choice.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast pipelines build                          a .metallib of each kernel file",
      "  diecast pipelines build model.gguf               and the pipelines of its plan",
      "  diecast pipelines list",
    })
public final class PipelinesCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** The command, ready for picocli to fill in. */
  public PipelinesCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "build or list?");
  }
}
