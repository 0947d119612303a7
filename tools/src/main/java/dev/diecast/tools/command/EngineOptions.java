package dev.diecast.tools.command;

import dev.diecast.capture.CompileOptions;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.replay.SessionOptions;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a model runs: options that several commands share. */
final class EngineOptions {
  /** Devices that plans can be compiled for. */
  enum Device {
    CPU,
    METAL,
    CUDA;

    /** As plans name it. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin private RunOptions run = new RunOptions();

  @Option(
      names = "--context",
      paramLabel = "N",
      description =
          "Tokens that the KV cache holds; 0: the model's own limit, at most 4096 (default).")
  private @Nullable Long context;

  @Mixin private DeviceOption device = new DeviceOption();

  EngineOptions() {}

  boolean hasContext() {
    return context != null;
  }

  /** The device that the user names, if any. */
  DeviceOption device() {
    return device;
  }

  /** For a model, with the context that the user names or else the function gives. */
  CompileOptions compile(ModelSource model, ToLongFunction<ModelSource> otherwise) {
    return CompileOptions.DEFAULTS
        .withDevice(device.name())
        .withContext(context == null ? otherwise.applyAsLong(model) : context);
  }

  /** Options of a session whose device a plan names. */
  SessionOptions sessionOfPlan() {
    return run.session();
  }

  /** Options of a session; an error when this machine lacks the device. */
  SessionOptions session() {
    var _ = device.available();
    return run.session();
  }
}
