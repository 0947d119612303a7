package dev.diecast.replay.cpu.ops;

/**
 * Random numbers by counter: a function of seed and position only, so that every device, thread
 * count and chunking draws the same. The mixer is the finaliser of SplitMix64 (Steele, Lea and
 * Flood 2014, variant 13 of Stafford).
 */
final class Randomness {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Randomness() {}

  /** A multiple of 2^-24 in [0, 1), exact in float32. */
  static double uniform(long seed, long position) {
    return (mix(mix(seed + GOLDEN) + (position + 1) * GOLDEN) >>> 40) * 0x1p-24;
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
