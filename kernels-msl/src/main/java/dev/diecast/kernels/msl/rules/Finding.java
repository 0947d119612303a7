package dev.diecast.kernels.msl.rules;

import dev.diecast.kernels.msl.SourceLine;
import java.util.Comparator;

/**
 * Something that a rule forbids.
 *
 * @param where the line
 * @param column from 1; 0 where it is not known
 * @param rule which rule
 * @param message what is wrong
 */
public record Finding(SourceLine where, int column, Rule rule, String message)
    implements Comparable<Finding> {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing((Finding f) -> f.where().file())
          .thenComparingInt(f -> f.where().number())
          .thenComparingInt(Finding::column)
          .thenComparing(Finding::rule)
          .thenComparing(Finding::message);

  @Override
  public int compareTo(Finding other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "%s%s: %s [%s]".formatted(where, column > 0 ? ":" + column : "", message, rule.id());
  }
}
