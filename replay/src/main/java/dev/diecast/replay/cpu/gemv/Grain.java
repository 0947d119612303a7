package dev.diecast.replay.cpu.gemv;

/**
 * How many quads a worker claims at a time: enough to hide the claim and to let the prefetcher run,
 * few enough that all workers finish together.
 */
final class Grain {
  /** Weight bytes per claim when one vector is multiplied: 3 to 15 us from memory. */
  private static final long LEAST_BYTES = 64L << 10;

  private static final long MOST_BYTES = 256L << 10;

  /** Claims that a matrix of middling size is cut into. */
  private static final int CLAIMS = 16;

  /** Multiply-adds per claim when several are: about 30 us. */
  private static final long MULTIPLY_ADDS = 1L << 20;

  /** A prefill tile is that many quads high. */
  private static final int SMALLEST = PrefillTile.QUADS;

  private Grain() {}

  /** Quads per claim, for {@code groups} matrices. */
  static long quads(Matrix matrix, int groups, int tokens) {
    long all = (long) matrix.quads() * groups;
    long perClaim =
        tokens == 1
            ? bytesPerClaim(all * 4 * matrix.rowBytes()) / (4 * matrix.rowBytes())
            : MULTIPLY_ADDS / (4L * matrix.cols() * tokens);
    long claims = Math.max(1, all / Math.max(SMALLEST, perClaim));
    long even = claims == 1 ? 1 : (claims + 1) / 2 * 2;
    return ((all + even - 1) / even + SMALLEST - 1) / SMALLEST * SMALLEST;
  }

  private static long bytesPerClaim(long all) {
    return Math.clamp(all / CLAIMS, LEAST_BYTES, MOST_BYTES);
  }
}
