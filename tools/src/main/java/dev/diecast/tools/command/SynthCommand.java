package dev.diecast.tools.command;

import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.shapes.KnownShapes;
import dev.diecast.plans.shapes.SynthWriter;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.console.Progress;
import dev.diecast.tools.model.ByteCount;
import dev.diecast.tools.model.OutputGuard;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diecast synth}. */
@Command(
    name = "synth",
    header = "Writes a GGUF of a known shape with random weights.",
    description = {
      "%nThe tensors, types and metadata are those of the real model, the weights are noise: good for "
          + "benchmarks without a download, useless for text. The same seed gives the same bytes.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast synth tinyllama-1.1b:q4_0 --out tiny.gguf",
      "  diecast bench tiny.gguf",
      "  diecast shapes                                   lists shapes and types",
    })
public final class SynthCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "SHAPE:TYPE", description = "What to write; see `diecast shapes`.")
  private String shape = "";

  @Option(
      names = {"-o", "--out"},
      paramLabel = "F",
      required = true,
      description = "The GGUF to write.")
  private Path out = Path.of("");

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of the random weights (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--force", description = "Replaces a model that stands at F already.")
  private boolean force;

  @Option(
      names = {"-q", "--quiet"},
      description = "Says nothing when all goes well.")
  private boolean quiet;

  /** The command on a console. */
  public SynthCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (!force) {
      OutputGuard.check(out, "name another file, or say --force");
    }
    ModelSource model = KnownShapes.find(shape);
    long bytes = model.fileBytes().stream().mapToLong(Long::longValue).sum();
    long start = System.nanoTime();
    try (Progress progress = Progress.ofBytes(console, "synth", bytes)) {
      SynthWriter.write(model, out, seed, progress::reached);
    }
    if (!quiet) {
      double seconds = (System.nanoTime() - start) / 1e9;
      console.line(
          "%s: %s, %d tensors, %s in %.1f s (%s/s)",
          out,
          shape,
          model.tensors().size(),
          ByteCount.of(bytes),
          seconds,
          ByteCount.of((long) (bytes / Math.max(seconds, 1e-9))));
    }
    return 0;
  }
}
