package dev.diecast.tools.cases;

import java.util.ArrayList;
import java.util.List;

/**
 * The results that a reference gives. What is neither in a row nor unspecified must be as before.
 */
public final class Expected {
  /**
   * Neighbouring results that are judged together.
   *
   * @param slot where they lie
   * @param at index of the first
   * @param values in float64
   * @param size what the values are sums of, as the root of the sum of squares: errors are relative
   *     to this where the values themselves happen to be smaller
   */
  public record Row(String slot, long at, double[] values, double size) {}

  /** Results that mean nothing. */
  public record Unspecified(String slot, long at, long count) {}

  private final List<Row> rows = new ArrayList<>();
  private final List<Unspecified> unspecified = new ArrayList<>();

  /** Adds a row. */
  public void row(String slot, long at, double... values) {
    row(slot, at, values, 0);
  }

  /** Adds a row whose values are sums of something larger. */
  public void row(String slot, long at, double[] values, double size) {
    rows.add(new Row(slot, at, values.clone(), size));
  }

  /** Lets results be anything. */
  public void unspecified(String slot, long at, long count) {
    unspecified.add(new Unspecified(slot, at, count));
  }

  /** All rows. */
  public List<Row> rows() {
    return List.copyOf(rows);
  }

  /** What may be anything. */
  public List<Unspecified> unspecified() {
    return List.copyOf(unspecified);
  }
}
