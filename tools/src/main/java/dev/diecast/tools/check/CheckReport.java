package dev.diecast.tools.check;

import java.util.List;

/**
 * Several plans of one model held against the interpreter and against each other.
 *
 * @param tokens what they consumed
 * @param plans one or more
 * @param between the greatest gap of a row of logits between any plan and the first, over the
 *     tokens where both were judged
 * @param tolerance what is rounding
 */
public record CheckReport(
    List<Integer> tokens, List<PlanGaps> plans, Gap between, Tolerance tolerance) {
  /** A report with its own copies of the lists. */
  public CheckReport {
    tokens = List.copyOf(tokens);
    plans = List.copyOf(plans);
  }

  /**
   * Whether every gap lies within the tolerance, and there is one to speak of: a plan of which no
   * token was compared has shown nothing.
   */
  public boolean holds() {
    return plans.stream().allMatch(plan -> plan.judged() > 0 && plan.within(tolerance))
        && between.relative() <= tolerance.logits();
  }
}
