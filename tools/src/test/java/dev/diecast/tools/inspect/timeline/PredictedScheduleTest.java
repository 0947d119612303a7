package dev.diecast.tools.inspect.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.capture.cost.CostProfiles;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.plans.Plan;
import dev.diecast.tools.inspect.TestPlans;
import org.junit.jupiter.api.Test;

class PredictedScheduleTest {
  /** Three share a device: all advance by 1 in 3, then two by 2 in 4, then the last by 3 in 3. */
  @Test
  void worksAtOnceShareTheDevice() {
    assertThat(PredictedSchedule.sharedEnds(new double[] {6, 1, 3})).containsExactly(10, 3, 7);
    assertThat(PredictedSchedule.sharedEnds(new double[] {2, 2})).containsExactly(4, 4);
    assertThat(PredictedSchedule.sharedEnds(new double[0])).isEmpty();
  }

  @Test
  void theLastDispatchEndsWhenTheModelSays() {
    Plan plan = TestPlans.shape("glm-4.7-flash:q4_0");
    ProgramCost cost =
        CostModel.of(plan, CostProfiles.of("m3-pro")).cost(plan.programs().getFirst());
    Schedule schedule = PredictedSchedule.of(cost);
    assertThat(schedule.spans()).hasSameSizeAs(cost.dispatches());
    assertThat(schedule.spans().stream().mapToDouble(Schedule.Span::end).max().orElseThrow())
        .isCloseTo(cost.predictedMicros(), within(1e-3));
    for (int i = 1; i < cost.dispatches().size(); i++) {
      if (cost.dispatches().get(i).stage() != cost.dispatches().get(i - 1).stage()) {
        assertThat(schedule.spans().get(i).start())
            .isGreaterThanOrEqualTo(schedule.spans().get(i - 1).end() - 1e-6);
      }
    }
  }
}
