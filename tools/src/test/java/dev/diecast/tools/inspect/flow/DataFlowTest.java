package dev.diecast.tools.inspect.flow;

import static dev.diecast.plans.Dispatch.Access.READ;
import static dev.diecast.plans.Dispatch.Access.READ_WRITE;
import static dev.diecast.plans.Dispatch.Access.WRITE;
import static dev.diecast.tools.inspect.TestPlans.bytes;
import static dev.diecast.tools.inspect.TestPlans.dispatch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program.ArenaValue;
import dev.diecast.tools.inspect.TestPlans;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataFlowTest {
  private static final int ARENA = 0;
  private static final int KV = 1;

  private static List<Dependency> flow(List<ArenaValue> values, Dispatch... dispatches) {
    Plan plan = TestPlans.bare(List.of(dispatches), values);
    return DataFlow.of(plan, plan.programs().getFirst());
  }

  @Test
  void aReaderDependsOnTheLastWriterOfEachByte() {
    assertThat(
            flow(
                List.of(),
                dispatch("a", false, bytes(WRITE, ARENA, 0, 100)),
                dispatch("b", true, bytes(WRITE, ARENA, 40, 60)),
                dispatch("c", true, bytes(READ, ARENA, 30, 90))))
        .containsExactly(new Dependency(0, 2, "arena", 10 + 30), new Dependency(1, 2, "arena", 20));
  }

  @Test
  void bytesBoundTwiceCountOnce() {
    assertThat(
            flow(
                List.of(),
                dispatch("a", false, bytes(WRITE, ARENA, 0, 100)),
                dispatch("b", true, bytes(READ, ARENA, 0, 60), bytes(READ, ARENA, 20, 80))))
        .containsExactly(new Dependency(0, 1, "arena", 80));
  }

  @Test
  void whatTheStepBeforeWroteIsNoDependency() {
    assertThat(
            flow(
                List.of(),
                dispatch("a", false, bytes(READ, KV, 0, 100)),
                dispatch("b", true, bytes(READ_WRITE, KV, 0, 10)),
                dispatch("c", true, bytes(READ, KV, 0, 100))))
        .containsExactly(new Dependency(1, 2, "kv", 10));
  }

  @Test
  void namesTheNewValueOfAnOperationInPlace() {
    List<ArenaValue> values =
        List.of(new ArenaValue("old", 0, 64, 0, 1), new ArenaValue("new", 0, 64, 1, 2));
    assertThat(
            flow(
                values,
                dispatch("a", false, bytes(WRITE, ARENA, 0, 64)),
                dispatch("b", true, bytes(READ_WRITE, ARENA, 0, 64)),
                dispatch("c", true, bytes(READ, ARENA, 0, 64))))
        .containsExactly(new Dependency(0, 1, "old", 64), new Dependency(1, 2, "new", 64));
  }

  @Test
  void bindingsThatHoldNothingAreLeftOut() {
    assertThat(
            flow(
                List.of(),
                dispatch("a", false, bytes(WRITE, ARENA, 8, 8), bytes(WRITE, 7, 0, 8)),
                dispatch("b", true, bytes(READ, ARENA, -8, 16), bytes(READ, 7, 0, 8))))
        .isEmpty();
  }

  /** A plan that verifies parts every dependency by a barrier. */
  @Test
  void dependenciesOfARealPlanCrossABarrier() {
    Plan plan = TestPlans.shape("qwen2.5-0.5b:q4_0");
    var program = plan.programs().getFirst();
    Stages stages = Stages.of(program.dispatches());
    List<Dependency> edges = DataFlow.of(plan, program);
    assertThat(edges)
        .hasSizeGreaterThan(program.dispatches().size())
        .allMatch(edge -> stages.of(edge.from()) < stages.of(edge.to()));
  }
}
