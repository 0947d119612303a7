package dev.diecast.replay.cpu.gemv;

/**
 * How many rows a worker claims at a time: enough to hide the claim and to let the prefetcher run,
 * few enough that all workers finish together.
 */
final class Grain {
  /** Weight bytes per claim when one vector is multiplied: about 6 us from memory. */
  private static final long BYTES = 96L << 10;

  /** Multiply-adds per claim when several are: about 30 us. */
  private static final long MULTIPLY_ADDS = 1L << 20;

  private static final int ROWS = 8;

  private Grain() {}

  /** Rows per claim, a multiple of eight, for {@code groups} matrices. */
  static long rows(Matrix matrix, int groups, int tokens) {
    long all = (long) matrix.rows() * groups;
    long perClaim =
        tokens == 1 ? BYTES / matrix.rowBytes() : MULTIPLY_ADDS / ((long) matrix.cols() * tokens);
    long claims = Math.max(1, all / Math.max(ROWS, perClaim));
    long even = claims == 1 ? 1 : (claims + 1) / 2 * 2;
    return ((all + even - 1) / even + ROWS - 1) / ROWS * ROWS;
  }
}
