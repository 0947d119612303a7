package dev.diecast.tools.command;

import dev.diecast.tools.console.Console;
import dev.diecast.tools.console.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code diecast version}. */
@Command(name = "version", header = "Shows the versions of Diecast and of what it runs on.")
public final class VersionCommand implements Callable<Integer> {
  private final Console console;

  /** The command on a console. */
  public VersionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    console.println(Version.line());
    console.line(
        "java %s (%s), %s %s, %d processors",
        System.getProperty("java.vm.version"),
        System.getProperty("java.vm.name"),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors());
    return 0;
  }
}
