package dev.diecast.tools.demo;

/** How many of some trials went well. */
public record Score(int right, int total) {
  /** Standard deviations of a normal distribution that hold 95 percent of it. */
  private static final double Z = 1.959964;

  /** A score of at least one trial. */
  public Score {
    if (total < 1 || right < 0 || right > total) {
      throw new IllegalArgumentException(right + " of " + total);
    }
  }

  /** The share, 0 to 1. */
  public double share() {
    return (double) right / total;
  }

  /** The lower end of the 95% interval of E. B. Wilson (1927), which also holds close to 1. */
  public double low() {
    return right == 0 ? 0 : centre() - margin();
  }

  /** The upper end of that interval; exactly 1 when all went well, where rounding might miss it. */
  public double high() {
    return right == total ? 1 : centre() + margin();
  }

  private double centre() {
    return (share() + Z * Z / (2.0 * total)) / (1 + Z * Z / total);
  }

  private double margin() {
    double variance = share() * (1 - share()) / total + Z * Z / (4.0 * total * total);
    return Z * Math.sqrt(variance) / (1 + Z * Z / total);
  }
}
