package dev.diecast.kernels.launch;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import java.util.Map;

/**
 * Kernels that multiply weights with vectors. A simdgroup computes {@code rows_per_simdgroup} rows
 * of one token; {@code simdgroups} of them make a threadgroup, and tokens lie along y.
 */
final class MatrixLaunches {
  private static final String SIMDGROUPS = "simdgroups";
  private static final String ROWS = "rows_per_simdgroup";
  private static final Map<String, Long> DEFAULTS = Map.of(SIMDGROUPS, 4L, ROWS, 2L);

  private MatrixLaunches() {}

  static void addTo(Map<String, KernelLaunch> plain, Map<String, KernelLaunch> tiled) {
    for (String type : KernelCatalog.WEIGHT_TYPES) {
      add(plain, "gemv.metal", "gemv_" + type, (args, k) -> rows(args, k, "n_tokens", 1));
    }
  }

  private static void add(
      Map<String, KernelLaunch> all, String resource, String kernel, LaunchRule rule) {
    all.put(kernel, new KernelLaunch(resource, kernel, rule, DEFAULTS));
  }

  /** All rows of a matrix, for each y and z. */
  private static Launch rows(ArgReader args, Map<String, Long> constants, String y, long z) {
    return new Launch(
        Launch.cover(args.i32("rows"), perGroup(constants)), args.i32(y), z, threads(constants));
  }

  private static long perGroup(Map<String, Long> constants) {
    return constants.get(SIMDGROUPS) * constants.get(ROWS);
  }

  private static int threads(Map<String, Long> constants) {
    return Math.toIntExact(32 * constants.get(SIMDGROUPS));
  }
}
