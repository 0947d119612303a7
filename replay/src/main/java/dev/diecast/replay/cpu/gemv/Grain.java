package dev.diecast.replay.cpu.gemv;

/**
 * How many items, quads of rows or a few of them, a worker claims at a time: enough to hide the
 * claim and to let the prefetcher run, few enough that all workers finish together.
 */
final class Grain {
  /**
   * Weight bytes per claim when one vector is multiplied: 1 to 15 us from memory. The least one
   * lets two workers share the small matrices of small models, of which fusion makes fewer and
   * larger dispatches: 64 KiB kept one of them idle.
   */
  private static final long LEAST_BYTES = 16L << 10;

  private static final long MOST_BYTES = 256L << 10;

  /** Claims that a matrix of middling size is cut into. */
  private static final int CLAIMS = 16;

  /** Multiply-adds per claim when several vectors are: about 10 us. */
  private static final long LEAST_MULTIPLY_ADDS = 1L << 20;

  /**
   * About 40 us. The rows of a claim are neighbours, so the results of a vector fill whole cache
   * lines; with a quarter of it prefill was up to a fifth slower.
   */
  private static final long MOST_MULTIPLY_ADDS = 1L << 22;

  /** A prefill tile is that many quads high. */
  private static final int SMALLEST = PrefillTile.QUADS;

  private Grain() {}

  /**
   * Items per claim.
   *
   * @param items of the whole dispatch
   * @param bytes weight bytes of all items
   * @param multiplyAdds of all items and one vector
   * @param vectors that meet each weight, on average
   */
  static long items(long items, long bytes, long multiplyAdds, int vectors) {
    long perClaim =
        vectors == 1
            ? bytesPerClaim(bytes) / Math.max(1, bytes / items)
            : multiplyAddsPerClaim(multiplyAdds * vectors)
                / Math.max(1, multiplyAdds / items * vectors);
    long claims = Math.max(1, items / Math.max(SMALLEST, perClaim));
    long even = claims == 1 ? 1 : (claims + 1) / 2 * 2;
    return ((items + even - 1) / even + SMALLEST - 1) / SMALLEST * SMALLEST;
  }

  private static long bytesPerClaim(long all) {
    return Math.clamp(all / CLAIMS, LEAST_BYTES, MOST_BYTES);
  }

  private static long multiplyAddsPerClaim(long all) {
    return Math.clamp(all / CLAIMS, LEAST_MULTIPLY_ADDS, MOST_MULTIPLY_ADDS);
  }
}
