package dev.diecast.kernels.launch;

import java.util.Map;

/**
 * Where a kernel's MSL is and how it is launched.
 *
 * @param resource the file that holds it, among the resources of this module: {@code gemv.metal}
 * @param entry its name there
 * @param rule its grid
 * @param tunables function constants that change its speed and never its meaning, with the values
 *     that hold where nothing was measured
 */
public record KernelLaunch(
    String resource, String entry, LaunchRule rule, Map<String, Long> tunables) {
  /** Copies the map. */
  public KernelLaunch {
    tunables = Map.copyOf(tunables);
  }

  /** A kernel without tunables. */
  public KernelLaunch(String resource, String entry, LaunchRule rule) {
    this(resource, entry, rule, Map.of());
  }
}
