package dev.diecast.tools.command;

import dev.diecast.replay.MetalOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where compiled kernels lie. */
final class PipelineFolder {
  @Option(
      names = "--folder",
      paramLabel = "F",
      description =
          "Where compiled kernels lie (default: diecast/metal in $XDG_CACHE_HOME or ~/.cache, where sessions look).")
  private @Nullable Path folder;

  PipelineFolder() {}

  Path path() {
    return folder != null ? folder : MetalOptions.defaults().archives().orElseThrow();
  }
}
