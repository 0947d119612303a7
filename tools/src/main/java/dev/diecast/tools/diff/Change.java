package dev.diecast.tools.diff;

/**
 * A quantity in both plans.
 *
 * @param name what it counts, as in the totals of a dump
 * @param before its value in the first plan
 * @param after its value in the second plan
 */
public record Change(String name, double before, double after) {
  /** How much more the second plan has. */
  public double delta() {
    return after - before;
  }

  /** Whether the plans differ in it. */
  public boolean differs() {
    return before != after;
  }
}
