package dev.diecast.kernels.launch;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The launches of all kernels that exist as MSL. Some exist twice: plainly, and in tiles that read
 * weights once for many tokens. The constant {@link #TOKEN_TILE} says which one a plan means.
 */
public final class KernelLaunches {
  /** The tunable that counts the tokens of a tile; 1 where tokens are computed one by one. */
  public static final String TOKEN_TILE = "token_tile";

  private static final Map<String, KernelLaunch> PLAIN = new HashMap<>();
  private static final Map<String, KernelLaunch> TILED = new HashMap<>();

  static {
    MatrixLaunches.addTo(PLAIN);
    ValueLaunches.addTo(PLAIN);
    AttentionLaunches.addTo(PLAIN);
    StepLaunches.addTo(PLAIN);
    TiledLaunches.addTo(TILED);
  }

  private KernelLaunches() {}

  /** Whether a kernel of the catalogue exists as MSL. */
  public static boolean exists(String kernel) {
    return PLAIN.containsKey(kernel);
  }

  /** The launch of a kernel; {@link IllegalArgumentException} when there is no MSL of that name. */
  public static KernelLaunch of(String kernel) {
    return present(PLAIN.get(kernel), kernel);
  }

  /** The launch in tiles of many tokens, or null when tokens are always computed one by one. */
  public static @Nullable KernelLaunch tiled(String kernel) {
    return TILED.get(kernel);
  }

  /** The launch that these function constants choose. */
  public static KernelLaunch of(String kernel, Map<String, Long> constants) {
    return constants.getOrDefault(TOKEN_TILE, 1L) > 1
        ? present(TILED.get(kernel), kernel)
        : of(kernel);
  }

  private static KernelLaunch present(@Nullable KernelLaunch launch, String kernel) {
    if (launch == null) {
      throw new IllegalArgumentException("no GPU kernel is called '" + kernel + "'");
    }
    return launch;
  }
}
