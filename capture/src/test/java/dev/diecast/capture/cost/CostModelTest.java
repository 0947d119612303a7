package dev.diecast.capture.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.capture.cost.CostProfile.Basis;
import dev.diecast.capture.cost.CostProfile.Figure;
import dev.diecast.capture.cost.DispatchCost.Bound;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Dispatch.Extent;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import dev.diecast.plans.shapes.KnownShapes;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CostModelTest {
  private static final Offset<Double> ROUNDING = within(1e-6);

  // 1 byte per ns, 1 operation per ns, 3 us for a dependent dispatch, 1 us for a free one.
  private static final CostProfile ROUND =
      new CostProfile(
          "round", "", figure(1e9), figure(1e9), figure(4e9), figure(3e-6), figure(1e-6));

  private static final ModelRef MODEL =
      new ModelRef("llama", "m", "", 10, 1, 4, 100, "f32", List.of());

  private static Figure figure(double value) {
    return new Figure(value, Basis.DERIVED, "made up");
  }

  private static Dispatch dispatch(long weightBytes, long flops, boolean barrier) {
    return new Dispatch(
        0,
        "d",
        0,
        Extent.ONE,
        Extent.ONE,
        List.of(),
        new byte[0],
        barrier,
        List.of(),
        weightBytes,
        0,
        flops);
  }

  private static ProgramCost cost(Dispatch... dispatches) {
    Program program = new Program("decode", 1, Arrays.asList(dispatches), 0, 0, List.of());
    Plan plan =
        new Plan(
            "",
            MODEL,
            "cpu",
            List.of(new KernelUse("k", "", List.of(), 0)),
            List.of(),
            List.of(),
            List.of(program),
            List.of(),
            List.of());
    return CostModel.of(plan, ROUND).cost(program);
  }

  @Test
  void aDispatchTakesTheLongerOfBytesAndOperationsAndItsLaunch() {
    DispatchCost memory = cost(dispatch(5000, 2000, false)).dispatches().getFirst();
    assertThat(memory.workMicros()).isCloseTo(5, ROUNDING);
    assertThat(memory.predictedMicros()).isCloseTo(8, ROUNDING);
    assertThat(memory.rooflineMicros()).isCloseTo(5, ROUNDING);
    assertThat(memory.bound()).isEqualTo(Bound.MEMORY);
    DispatchCost compute = cost(dispatch(1000, 8000, false)).dispatches().getFirst();
    assertThat(compute.predictedMicros()).isCloseTo(11, ROUNDING);
    assertThat(compute.rooflineMicros()).as("on the float16 units").isCloseTo(2, ROUNDING);
    assertThat(compute.bound()).isEqualTo(Bound.COMPUTE);
    assertThat(cost(dispatch(100, 100, false)).dispatches().getFirst().bound())
        .isEqualTo(Bound.DISPATCH);
  }

  @Test
  void dispatchesBetweenBarriersShareTheMemory() {
    ProgramCost both = cost(dispatch(4000, 1000, false), dispatch(2000, 3000, false));
    assertThat(both.stages()).isEqualTo(1);
    // Bytes take 4 + 2, operations 1 + 3; then two launches and the wait for the token before.
    assertThat(both.predictedMicros()).isCloseTo(6 + 2 + 2, ROUNDING);
    // Alone they take 4 and 3: the first gets 4/7 of the 6.
    assertThat(both.dispatches().getFirst().predictedMicros()).isCloseTo(3 + 6 * 4 / 7.0, ROUNDING);
    assertThat(both.barriers()).isZero();
  }

  @Test
  void stagesAddUpAndEachPaysItsBarrier() {
    ProgramCost apart = cost(dispatch(4000, 0, false), dispatch(2000, 0, true));
    assertThat(apart.stages()).isEqualTo(2);
    assertThat(apart.barriers()).isEqualTo(1);
    assertThat(apart.predictedMicros()).isCloseTo(4 + 3 + 2 + 3, ROUNDING);
    assertThat(apart.overheadMicros()).isCloseTo(6, ROUNDING);
    assertThat(apart.rooflineMicros()).isCloseTo(6, ROUNDING);
    assertThat(apart.tokensPerSecond()).isCloseTo(1e6 / 12, within(1e-3));
  }

  @Test
  void theCacheCostsByDepthAndTheRestDoesNot() {
    Plan plan =
        PlanCompiler.compile(
            KnownShapes.find("qwen2.5-0.5b:f16"), CompileOptions.DEFAULTS.withContext(1000));
    Program decode = plan.programs().getFirst();
    ProgramCost empty = CostModel.at(plan, ROUND, 0).cost(decode);
    ProgramCost half = CostModel.at(plan, ROUND, 499).cost(decode);
    // 24 layers, 2 kv heads of 64 keys and 64 values, two bytes each.
    long row = 24L * 2 * (64 + 64) * 2;
    assertThat(kv(half)).isCloseTo(500 * row, within(24L));
    assertThat(kv(empty)).isCloseTo(row, within(24L));
    assertThat(flops(half) - flops(empty))
        .as("scores and values of 14 heads, 499 rows more")
        .isCloseTo(24L * 2 * 14 * 499 * 128, within(24L));
    assertThat(half.dispatches().getFirst()).isEqualTo(empty.dispatches().getFirst());
    assertThatThrownBy(() -> CostModel.at(plan, ROUND, 1001))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("1001");
  }

  @Test
  void latentRowsCountOnceThoughKeysAndValuesReadThem() {
    Plan plan =
        PlanCompiler.compile(
            KnownShapes.find("youtu-llm-2b:q4_0"), CompileOptions.DEFAULTS.withContext(100));
    ProgramCost full = CostModel.at(plan, ROUND, 99).cost(plan.programs().getFirst());
    assertThat(kv(full)).isEqualTo(plan.model().layers() * 100 * (512 + 64) * 2);
  }

  @Test
  void theBoundOfATokenIsWhatOneReadOfItsWeightsTakes() {
    Plan plan =
        PlanCompiler.compile(KnownShapes.find("glm-4.7-flash:q4_0"), CompileOptions.DEFAULTS);
    ProgramCost h200 = CostModel.of(plan, CostProfiles.of("h200")).cost(plan.programs().getFirst());
    // 2.0 GB per token at 4.5 TB/s: docs of that experiment say 0.45 ms.
    assertThat(h200.rooflineMicrosPerToken()).isCloseTo(450, within(25.0));
    assertThat(h200.predictedMicrosPerToken()).isGreaterThan(h200.rooflineMicrosPerToken());
    assertThat(h200.dispatches().stream().mapToDouble(DispatchCost::predictedMicros).sum())
        .isCloseTo(h200.predictedMicros(), ROUNDING);
  }

  private static long kv(ProgramCost cost) {
    return cost.dispatches().stream().mapToLong(DispatchCost::kvBytes).sum();
  }

  private static long flops(ProgramCost cost) {
    return cost.dispatches().stream().mapToLong(DispatchCost::flops).sum();
  }
}
