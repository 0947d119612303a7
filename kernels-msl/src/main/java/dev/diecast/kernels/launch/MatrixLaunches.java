package dev.diecast.kernels.launch;

import java.util.Map;

/** Kernels that multiply weights with vectors. */
final class MatrixLaunches {
  private MatrixLaunches() {}

  static void addTo(Map<String, KernelLaunch> all) {}
}
