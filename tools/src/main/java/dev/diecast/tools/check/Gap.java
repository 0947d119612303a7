package dev.diecast.tools.check;

/**
 * How far values lie from what they should be.
 *
 * @param relative the L2 norm of the differences over that of the wanted values; infinite when a
 *     value is no number, or when only zeros are wanted and others are there
 * @param largest the largest absolute difference
 */
public record Gap(double relative, double largest) {
  /** No gap at all. */
  public static final Gap NONE = new Gap(0, 0);

  /** A gap that no tolerance covers: something else than wanted was chosen. */
  static final Gap WRONG = new Gap(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** The gap between arrays of one length. */
  public static Gap between(double[] got, double[] wanted) {
    if (got.length != wanted.length) {
      throw new IllegalArgumentException(got.length + " values, not " + wanted.length);
    }
    double difference = 0;
    double norm = 0;
    double largest = 0;
    for (int i = 0; i < wanted.length; i++) {
      double d = Math.abs(got[i] - wanted[i]);
      if (Double.isNaN(d)) {
        return WRONG;
      }
      difference += d * d;
      norm += wanted[i] * wanted[i];
      largest = Math.max(largest, d);
    }
    return new Gap(difference == 0 ? 0 : Math.sqrt(difference / norm), largest);
  }

  /** The greater of each measure. */
  Gap max(Gap other) {
    return new Gap(Math.max(relative, other.relative), Math.max(largest, other.largest));
  }
}
