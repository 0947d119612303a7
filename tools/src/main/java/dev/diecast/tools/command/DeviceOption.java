package dev.diecast.tools.command;

import dev.diecast.tools.model.RunnableDevices;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** On which device something runs. */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "D",
      description = "Where to run: cpu (default) or metal. A plan has its device.")
  private EngineOptions.@Nullable Device device;

  DeviceOption() {}

  /** Whether the user names another device than that one. */
  boolean contradicts(String planned) {
    return device != null && !device.text().equals(planned);
  }

  /** The device that the user names, else the usual one. */
  String name() {
    return (device == null ? EngineOptions.Device.CPU : device).text();
  }

  /** The same; an error when this machine lacks it. */
  String available() {
    RunnableDevices.require(name());
    return name();
  }
}
