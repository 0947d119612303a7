package dev.diecast.kernels.launch;

import java.util.HashMap;
import java.util.Map;

/** The launches of all kernels that exist as MSL. */
public final class KernelLaunches {
  private static final Map<String, KernelLaunch> ALL = build();

  private KernelLaunches() {}

  /** The launch of a kernel; {@link IllegalArgumentException} when there is no MSL of that name. */
  public static KernelLaunch of(String kernel) {
    KernelLaunch launch = ALL.get(kernel);
    if (launch == null) {
      throw new IllegalArgumentException("no GPU kernel is called '" + kernel + "'");
    }
    return launch;
  }

  /** Whether a kernel exists as MSL. */
  public static boolean exists(String kernel) {
    return ALL.containsKey(kernel);
  }

  private static Map<String, KernelLaunch> build() {
    Map<String, KernelLaunch> all = new HashMap<>();
    MatrixLaunches.addTo(all);
    return Map.copyOf(all);
  }
}
