package dev.diecast.kernels.gpu;

/** How far results are from what they should be. */
final class Distance {
  private Distance() {}

  /** |actual - expected| / |expected|, Euclidean norms of the first values of {@code actual}. */
  static double relative(float[] actual, double[] expected) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(actual[i] - expected[i], 2);
      size += expected[i] * expected[i];
    }
    return Math.sqrt(difference / Math.max(size, 1e-300));
  }
}
