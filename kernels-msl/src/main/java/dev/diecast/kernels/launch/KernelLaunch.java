package dev.diecast.kernels.launch;

import java.util.Map;

/**
 * How a kernel is launched.
 *
 * @param rule its grid
 * @param tunables function constants that change its speed and never its meaning, with the values
 *     that hold where nothing was measured
 */
public record KernelLaunch(LaunchRule rule, Map<String, Long> tunables) {
  /** Copies the map. */
  public KernelLaunch {
    tunables = Map.copyOf(tunables);
  }

  /** A kernel without tunables. */
  public KernelLaunch(LaunchRule rule) {
    this(rule, Map.of());
  }
}
