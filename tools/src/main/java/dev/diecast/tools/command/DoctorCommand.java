package dev.diecast.tools.command;

import dev.diecast.tools.console.Console;
import dev.diecast.tools.doctor.Diagnosis;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code diecast doctor}. */
@Command(
    name = "doctor",
    header = "Says what this machine has, and what Diecast will use and why.",
    description = {
      "%nProcessor, memory, JDK, Metal's GPUs with their limits and features, compiled kernels and "
          + "compilers. It works without Metal, and says then why there is none.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast doctor",
      "  diecast doctor --json | jq .uses",
    })
public final class DoctorCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private PipelineFolder folder = new PipelineFolder();

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  /** The command on a console. */
  public DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Diagnosis diagnosis = Diagnosis.here(folder.path());
    if (json) {
      diagnosis.printJson(console);
    } else {
      diagnosis.printText(console);
    }
    return 0;
  }
}
