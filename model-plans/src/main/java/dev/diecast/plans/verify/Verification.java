package dev.diecast.plans.verify;

import dev.diecast.plans.Finding;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
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
    long arenaBytes = arenaBytes(plan);
    ProgramCheck.run(plan, arenaBytes, findings);
    DispatchCheck dispatches = new DispatchCheck(plan, tensors, findings);
    for (Program program : plan.programs()) {
      dispatches.run(program);
      HazardCheck.run(plan, program, findings);
      ArenaCheck.run(plan, program, arenaBytes, findings);
    }
    return findings.all();
  }

  private static long arenaBytes(Plan plan) {
    return plan.buffers().stream()
        .filter(PlanBuffer.Arena.class::isInstance)
        .mapToLong(PlanBuffer::bytes)
        .findFirst()
        .orElse(0);
  }
}
