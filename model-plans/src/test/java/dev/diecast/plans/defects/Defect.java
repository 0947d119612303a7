package dev.diecast.plans.defects;

import dev.diecast.plans.Plan;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A way to spoil a sound plan, and what the verifier must say of it.
 *
 * @param kind what is wrong, for people
 * @param location where the finding must point
 * @param message part of what it must say
 * @param plant spoils {@link dev.diecast.plans.SmallPlan}
 */
record Defect(String kind, String location, String message, UnaryOperator<Plan> plant) {
  /** A defect; andThen on edits gives a plain function. */
  static Defect defect(String kind, String location, String message, Function<Plan, Plan> plant) {
    return new Defect(kind, location, message, plant::apply);
  }

  @Override
  public String toString() {
    return kind;
  }
}
