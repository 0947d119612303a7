package dev.diecast.tools.command;

import dev.diecast.capture.CompileOptions;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tools.console.DeviceUnavailable;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model runs: options that several commands share. */
final class EngineOptions {
  /** Devices that plans can be compiled for. */
  enum Device {
    CPU,
    METAL,
    CUDA
  }

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Workers of the cpu device (default: one per core, at most 16).")
  private @Nullable Integer threads;

  @Option(
      names = "--context",
      paramLabel = "N",
      description =
          "Tokens that the KV cache holds; 0: the model's own limit, at most 4096 (default).")
  private @Nullable Long context;

  @Option(
      names = "--device",
      paramLabel = "D",
      description = "Where to run; this version runs on: cpu (default).")
  private Device device = Device.CPU;

  EngineOptions() {}

  boolean hasContext() {
    return context != null;
  }

  /** For a model, with the context that the user names or else the function gives. */
  CompileOptions compile(ModelSource model, ToLongFunction<ModelSource> otherwise) {
    CompileOptions defaults = CompileOptions.DEFAULTS;
    return defaults.withContext(context == null ? otherwise.applyAsLong(model) : context);
  }

  SessionOptions session() {
    return session(device.name(), threads);
  }

  /** Options for a session on a device; an error unless this version has that device. */
  static SessionOptions session(String device, @Nullable Integer threads) {
    if (!device.equals(Device.CPU.name())) {
      throw new DeviceUnavailable(
          "device '%s' is not available: this version replays plans on cpu only"
              .formatted(device.toLowerCase(Locale.ROOT)));
    }
    SessionOptions defaults = SessionOptions.defaults();
    return threads == null ? defaults : defaults.withThreads(threads);
  }
}
