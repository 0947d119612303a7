package dev.diecast.plans;

import dev.diecast.plans.verify.Verification;
import java.util.List;

/**
 * Proves that a plan is safe and sound to replay, knowing nothing of the planner: only the records
 * and the kernel contracts. It proves that
 *
 * <ul>
 *   <li>every index, range, alignment and size holds, weights lie inside their files and tensors,
 *       and expert addresses inside their bindings;
 *   <li>every dispatch binds what its kernel's contract asks for and in the way it asks;
 *   <li>dispatches that no barrier separates never touch the same bytes, unless both only read (the
 *       end of a program is a barrier);
 *   <li>arena values that live at the same time never share bytes, and no arena byte is read before
 *       the value's own writes have filled it.
 * </ul>
 */
public final class PlanVerifier {
  private PlanVerifier() {}

  /** Everything that does not hold, in the order of the plan; empty for a sound plan. */
  public static List<Finding> verify(Plan plan) {
    return Verification.of(plan);
  }

  /** Throws a {@link PlanException} with the first finding unless the plan holds. */
  public static void check(Plan plan) {
    check("", plan);
  }

  /** Like {@link #check(Plan)}, for a plan from the file that starts the error. */
  public static void check(String where, Plan plan) {
    List<Finding> findings = verify(plan);
    if (findings.isEmpty()) {
      return;
    }
    String more = findings.size() == 1 ? "" : " (and " + (findings.size() - 1) + " more)";
    throw new PlanException((where.isEmpty() ? "" : where + ": ") + findings.getFirst() + more);
  }
}
