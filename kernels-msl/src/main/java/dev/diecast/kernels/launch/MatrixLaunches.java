package dev.diecast.kernels.launch;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import java.util.Map;

/**
 * Kernels that multiply weights with vectors. A simdgroup computes {@code rows_per_simdgroup} rows
 * of one token; {@code simdgroups} of them make a threadgroup.
 */
final class MatrixLaunches {
  private static final String SIMDGROUPS = "simdgroups";
  private static final String ROWS = "rows_per_simdgroup";
  private static final Map<String, Long> DEFAULTS = Map.of(SIMDGROUPS, 4L, ROWS, 2L);

  /** Rows that a simdgroup has sums for: {@code MAX_ROWS} of matvec.h. */
  private static final long MOST_ROWS = 8;

  /** Columns that a simdgroup of {@code head_gemv_t} computes. */
  private static final int COLUMNS = 8;

  private MatrixLaunches() {}

  static void addTo(Map<String, KernelLaunch> all) {
    for (String type : KernelCatalog.WEIGHT_TYPES) {
      add(all, "gemv", type, (args, k) -> rows(args, k, args.i32("n_tokens"), 1));
      add(all, "head_gemv", type, (args, k) -> rows(args, k, args.i32("heads"), tokens(args)));
      add(all, "head_gemv_t", type, MatrixLaunches::columns);
      add(all, "expert_gemv", type, (args, k) -> rows(args, k, args.i32("n_used"), tokens(args)));
    }
    add(all, "linears", MatrixLaunches::segments);
    add(all, "expert_gate_up", (args, k) -> rows(args, k, args.i32("n_used"), tokens(args)));
    add(all, "expert_down", (args, k) -> rows(args, k, tokens(args), 1));
  }

  private static void add(
      Map<String, KernelLaunch> all, String family, String type, LaunchRule rule) {
    String kernel = family + "_" + type;
    Map<String, Long> tunables = family.equals("head_gemv_t") ? Map.of(SIMDGROUPS, 4L) : DEFAULTS;
    all.put(kernel, new KernelLaunch(family + ".metal", kernel, rule, tunables));
  }

  private static void add(Map<String, KernelLaunch> all, String kernel, LaunchRule rule) {
    all.put(kernel, new KernelLaunch(kernel + ".metal", kernel, rule, DEFAULTS));
  }

  private static int tokens(ArgReader args) {
    return args.i32("n_tokens");
  }

  /** All rows of a matrix along x. */
  private static Launch rows(ArgReader args, Constants constants, long y, long z) {
    return new Launch(groups(args.i32("rows"), constants), y, z, threads(constants));
  }

  private static Launch columns(ArgReader args, Constants constants) {
    long columns = COLUMNS * constants.get(SIMDGROUPS);
    return new Launch(
        Launch.cover(args.i32("cols"), columns),
        args.i32("heads"),
        tokens(args),
        threads(constants));
  }

  /** The rows of all segments, one segment after the other, along x. */
  private static Launch segments(ArgReader args, Constants constants) {
    long x = 0;
    for (int i = 0; args.has("rows_" + i); i++) {
      if (args.i32("rows_" + i) > 0) {
        x += groups(args.i32("rows_" + i), constants);
      }
    }
    return new Launch(x, args.i32("last_only") == 1 ? 1 : tokens(args), 1, threads(constants));
  }

  private static long groups(long rows, Constants constants) {
    long each = constants.get(ROWS);
    if (each > MOST_ROWS) {
      throw new IllegalArgumentException(ROWS + " is " + each + ", at most " + MOST_ROWS + " fits");
    }
    return Launch.cover(rows, constants.get(SIMDGROUPS) * each);
  }

  private static int threads(Constants constants) {
    return Math.toIntExact(32 * constants.get(SIMDGROUPS));
  }
}
