package dev.diecast.tools.command;

import dev.diecast.tools.console.Console;
import dev.diecast.tools.inspect.Display;
import dev.diecast.tools.inspect.Json;
import dev.diecast.tools.inspect.TextTable;
import dev.diecast.tools.model.ByteCount;
import dev.diecast.tools.pipelines.CompiledFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code diecast pipelines list}. */
@Command(
    name = "list",
    header = "Lists the Metal kernels that are compiled already.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast pipelines list",
      "  diecast pipelines list --json",
    })
public final class PipelinesListCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private PipelineFolder folder = new PipelineFolder();

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  /** The command on a console. */
  public PipelinesListCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    List<CompiledFile> files = CompiledFile.in(folder.path());
    if (json) {
      printJson(folder.path(), files);
    } else {
      printTable(folder.path(), files);
    }
    return 0;
  }

  private void printTable(Path path, List<CompiledFile> files) throws IOException {
    console.line("%s: %s", path, files.isEmpty() ? "nothing compiled" : files.size() + " files");
    TextTable table = new TextTable("  ", "holds", "of", "for", "size", "");
    for (CompiledFile file : files) {
      table.row(
          kind(file),
          file.isCurrent() ? file.kernels() : Display.name(name(file)),
          file.system().isEmpty() ? "any GPU" : Display.name(file.system()),
          ByteCount.of(file.bytes()),
          file.isCurrent() ? "" : "of another version");
    }
    if (!files.isEmpty()) {
      StringBuilder text = new StringBuilder();
      table.print(text);
      console.print(text.toString());
    }
  }

  private void printJson(Path path, List<CompiledFile> files) throws IOException {
    ObjectNode root = Json.object();
    root.put("kind", "pipelines").put("folder", path.toString());
    ArrayNode list = root.putArray("files");
    for (CompiledFile file : files) {
      list.addObject()
          .put("file", name(file))
          .put("kind", kind(file))
          .put("kernels", file.kernels())
          .put("system", file.system())
          .put("bytes", file.bytes())
          .put("current", file.isCurrent());
    }
    Json.write(root, console.out());
  }

  private static String name(CompiledFile file) {
    return String.valueOf(file.file().getFileName());
  }

  private static String kind(CompiledFile file) {
    return file.kind().name().toLowerCase(Locale.ROOT);
  }
}
