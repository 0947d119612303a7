package dev.diecast.kernels.launch;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import java.util.Map;

/** Kernels that multiply weights with the vectors of many tokens, in tiles of 32 by 32. */
final class TiledLaunches {
  private static final int TILE = 32;
  private static final int THREADS = 128;
  private static final Map<String, Long> TUNABLES = Map.of(KernelLaunches.TOKEN_TILE, (long) TILE);

  private TiledLaunches() {}

  static void addTo(Map<String, KernelLaunch> all) {
    for (String type : KernelCatalog.WEIGHT_TYPES) {
      LaunchRule rule = (args, k) -> tiles(groups(args.i32("rows")), args, k);
      all.put(
          "gemv_" + type,
          new KernelLaunch("gemv_tiled.metal", "gemv_tiled_" + type, rule, TUNABLES));
    }
    LaunchRule segments = (args, k) -> tiles(segmentGroups(args), args, k);
    all.put(
        "linears", new KernelLaunch("linears_tiled.metal", "linears_tiled", segments, TUNABLES));
  }

  private static Launch tiles(long x, ArgReader args, Constants constants) {
    long tile = constants.get(KernelLaunches.TOKEN_TILE);
    if (tile != TILE) {
      throw new IllegalArgumentException(
          KernelLaunches.TOKEN_TILE + " is " + tile + ", tiles have " + TILE + " tokens");
    }
    return new Launch(x, Launch.cover(args.i32("n_tokens"), TILE), 1, THREADS);
  }

  private static long segmentGroups(ArgReader args) {
    long x = 0;
    for (int i = 0; args.has("rows_" + i); i++) {
      x += Math.ceilDiv(args.i32("rows_" + i), TILE);
    }
    return x;
  }

  private static long groups(long rows) {
    return Launch.cover(rows, TILE);
  }
}
