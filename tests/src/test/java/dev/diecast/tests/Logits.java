package dev.diecast.tests;

/** Comparison of logits rows. */
public final class Logits {
  private Logits() {}

  /** The relative L2 distance of a row from the reference. */
  public static double relativeError(float[] row, float[] reference) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < reference.length; i++) {
      double d = (double) row[i] - reference[i];
      difference += d * d;
      norm += (double) reference[i] * reference[i];
    }
    return Math.sqrt(difference / norm);
  }

  /** The index of the largest value, the lowest of equals. */
  public static int argmax(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[best]) {
        best = i;
      }
    }
    return best;
  }

  /** By how much the largest value beats the next. */
  public static double gap(float[] row) {
    int best = argmax(row);
    float next = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < row.length; i++) {
      if (i != best) {
        next = Math.max(next, row[i]);
      }
    }
    return (double) row[best] - next;
  }

  /** The largest absolute difference. */
  public static double largestDifference(float[] row, float[] reference) {
    double largest = 0;
    for (int i = 0; i < reference.length; i++) {
      largest = Math.max(largest, Math.abs((double) row[i] - reference[i]));
    }
    return largest;
  }

  /** All rows as one. */
  public static float[] joined(float[][] rows) {
    float[] all = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * rows[i].length, rows[i].length);
    }
    return all;
  }

  public static float[] floats(double[] row) {
    float[] out = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      out[i] = (float) row[i];
    }
    return out;
  }
}
