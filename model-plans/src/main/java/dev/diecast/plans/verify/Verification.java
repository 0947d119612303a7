package dev.diecast.plans.verify;

import dev.diecast.plans.Finding;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.util.List;

/** Runs all checks on a plan. */
public final class Verification {
  private Verification() {}

  /** Everything that does not hold. */
  public static List<Finding> of(Plan plan) {
    Findings findings = new Findings();
    HeaderCheck.run(plan, findings);
    BufferCheck.run(plan, findings);
    TensorMap tensors = TensorMap.checked(plan, findings);
    ProgramCheck.run(plan, findings);
    DispatchCheck dispatches = new DispatchCheck(plan, tensors, findings);
    for (Program program : plan.programs()) {
      dispatches.run(program);
      HazardCheck.run(plan, program, findings);
      ArenaCheck.run(plan, program, findings);
    }
    return findings.all();
  }
}
