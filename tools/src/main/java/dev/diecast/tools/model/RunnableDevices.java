package dev.diecast.tools.model;

import dev.diecast.replay.metal.MetalFacts;
import dev.diecast.tools.console.DeviceUnavailable;
import java.util.List;
import java.util.Optional;

/** The devices that plans can be replayed on here. */
public final class RunnableDevices {
  /** The names of all devices that this version replays on. */
  public static final List<String> KNOWN = List.of("cpu", "metal");

  private RunnableDevices() {}

  /** Why a device cannot be used here; empty when it can. */
  public static Optional<String> problem(String device) {
    return switch (device) {
      case "cpu" -> Optional.empty();
      case "metal" -> MetalFacts.problem();
      default -> Optional.of("this version replays plans on cpu and metal only");
    };
  }

  /** Throws {@link DeviceUnavailable} with the reason unless the device can be used here. */
  public static void require(String device) {
    problem(device)
        .ifPresent(reason -> {
          throw new DeviceUnavailable("device '%s' is not available: %s".formatted(device, reason));
        });
  }
}
