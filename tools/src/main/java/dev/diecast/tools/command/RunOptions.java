package dev.diecast.tools.command;

import dev.diecast.replay.MetalOptions;
import dev.diecast.replay.SessionOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the devices work; each looks at its own options. */
final class RunOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Workers of the cpu device (default: one per core, at most 16).")
  private @Nullable Integer threads;

  @Option(
      names = "--encoder",
      paramLabel = "E",
      description =
          "How commands reach a Metal GPU: direct, icb, mtl4, or auto (default): what tuning found, else the fastest of a short measurement.")
  private MetalOptions.@Nullable Encoder encoder;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description =
          "Tokens that a Metal GPU may work on before the host has seen them; 1 waits for each (default: 3).")
  private @Nullable Integer inFlight;

  RunOptions() {}

  /** Options of a session on whichever device its plan is for. */
  SessionOptions session() {
    SessionOptions options = SessionOptions.defaults().withMetal(metal());
    return threads == null ? options : options.withThreads(threads);
  }

  private MetalOptions metal() {
    MetalOptions options = MetalOptions.defaults();
    if (encoder != null) {
      options = options.withEncoder(encoder);
    }
    return inFlight == null ? options : options.withTokensInFlight(inFlight);
  }
}
