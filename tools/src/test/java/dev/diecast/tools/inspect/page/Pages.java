package dev.diecast.tools.inspect.page;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.capture.cost.CostProfiles;
import dev.diecast.plans.Plan;

/** Pages as the command writes them when no option says otherwise. */
final class Pages {
  private Pages() {}

  static String of(Plan plan) {
    return PlanPage.of(plan, CostModel.of(plan, CostProfiles.forTarget(plan.device())));
  }
}
