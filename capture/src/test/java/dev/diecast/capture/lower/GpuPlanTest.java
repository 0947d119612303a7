package dev.diecast.capture.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.capture.TestModel;
import dev.diecast.capture.TestModels;
import dev.diecast.capture.tuning.TuningDatabase;
import dev.diecast.capture.tuning.TuningKey;
import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Dispatch.Extent;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.PlanVerifier;
import dev.diecast.plans.Program;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans for a GPU hold; what makes one run as it was not planned is found. */
class GpuPlanTest {
  /** What is spoiled in every kernel or dispatch that has it, and what the verifier says then. */
  record Defect(String message, UnaryOperator<KernelUse> use, UnaryOperator<Dispatch> dispatch) {
    static Defect use(String message, UnaryOperator<KernelUse> edit) {
      return new Defect(message, edit, d -> d);
    }

    static Defect constant(String message, String name, long value) {
      return use(
          message,
          k ->
              constants(
                  k,
                  k.constants().stream()
                      .map(c -> c.name().equals(name) ? new KernelUse.Constant(name, value) : c)));
    }

    static Defect size(String message, Extent grid, Extent threads) {
      return new Defect(message, k -> k, d -> sized(d, grid, threads));
    }

    @Override
    public String toString() {
      return message;
    }
  }

  static List<Defect> defects() {
    return List.of(
        Defect.use("for another text of linears.metal", k -> hashed(k, "0".repeat(64))),
        Defect.use("bytes of threadgroup memory, not 7", k -> sharing(k, 7)),
        Defect.use("needs the constant", k -> constants(k, k.constants().stream().skip(1))),
        Defect.use("has no constant speed", k -> constants(k, with(k, "speed", 1))),
        Defect.constant("rows_per_simdgroup is 9, at most 8 fits", "rows_per_simdgroup", 9),
        Defect.constant("takes 1 to 1024 as simdgroups, not 0", "simdgroups", 0),
        Defect.constant("no launch for these arguments", "simdgroups", 33),
        Defect.constant("token_tile is 16, tiles have 32 tokens", "token_tile", 16),
        Defect.constant("is told has_norm = 0, but it is 1", "has_norm", 0),
        Defect.size("takes the grid", new Extent(3, 7, 1), new Extent(128, 1, 1)),
        Defect.size("takes threadgroups of", new Extent(1, 1, 1), new Extent(64, 2, 1)));
  }

  /** Attention cuts the context for several threadgroups, whatever the number of tokens. */
  @ParameterizedTest
  @MethodSource("models")
  void noThreadgroupWalksTheContextAlone(TestModel model) {
    for (String device : List.of("metal", "cuda")) {
      Plan plan = compile(model, device, TuningDatabase.EMPTY);
      List<Integer> splits =
          plan.programs().stream()
              .flatMap(program -> program.dispatches().stream())
              .map(d -> reader(plan, d))
              .filter(args -> args.has("splits"))
              .map(args -> args.i32("splits"))
              .toList();
      assertThat(splits).isNotEmpty().allMatch(count -> count > 1);
    }
  }

  private static ArgReader reader(Plan plan, Dispatch dispatch) {
    String kernel = plan.kernels().get(dispatch.kernel()).name();
    return KernelCatalog.get(kernel).args().reader(dispatch.args());
  }

  @ParameterizedTest
  @MethodSource("models")
  void plansHold(TestModel model) {
    for (String device : List.of("metal", "cuda")) {
      assertThat(PlanVerifier.verify(compile(model, device, TuningDatabase.EMPTY))).isEmpty();
    }
  }

  static List<TestModel> models() {
    return TestModels.all();
  }

  @ParameterizedTest
  @MethodSource("defects")
  void whatIsNotAsPlannedIsFound(Defect defect) {
    Plan plan = compile(TestModels.all().getFirst(), "metal", TuningDatabase.EMPTY);
    assertThat(PlanVerifier.verify(spoiled(plan, defect)))
        .anySatisfy(finding -> assertThat(finding.message()).contains(defect.message()));
  }

  @Test
  void aTuningThatTheKernelCannotTakeIsRefused() {
    TuningKey output =
        new TuningKey("metal", "linears", "cols=64 rows_0=320 rows_1=0 rows_2=0 rows_3=0");
    TuningDatabase tuning = TuningDatabase.EMPTY.with(output, "rows_per_simdgroup", 16);
    assertThatThrownBy(() -> compile(TestModels.all().getFirst(), "metal", tuning))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("rows_per_simdgroup is 16, at most 8 fits");
  }

  private static Plan compile(TestModel model, String device, TuningDatabase tuning) {
    return PlanCompiler.compile(
        model, CompileOptions.DEFAULTS.withDevice(device).withPrefillTokens(40).withTuning(tuning));
  }

  private static Plan spoiled(Plan p, Defect defect) {
    return new Plan(
        p.producer(),
        p.model(),
        p.device(),
        p.kernels().stream().map(defect.use()).toList(),
        p.buffers(),
        p.tensors(),
        p.programs().stream().map(program -> spoiled(program, defect)).toList(),
        p.tuning(),
        p.passes());
  }

  private static Program spoiled(Program p, Defect defect) {
    return p.withDispatches(p.dispatches().stream().map(defect.dispatch()).toList());
  }

  private static KernelUse hashed(KernelUse k, String hash) {
    return new KernelUse(k.name(), hash, k.constants(), k.threadgroupBytes());
  }

  private static KernelUse sharing(KernelUse k, long bytes) {
    return new KernelUse(k.name(), k.sourceHash(), k.constants(), bytes);
  }

  private static KernelUse constants(KernelUse k, Stream<KernelUse.Constant> constants) {
    return new KernelUse(k.name(), k.sourceHash(), constants.toList(), k.threadgroupBytes());
  }

  private static Stream<KernelUse.Constant> with(KernelUse k, String name, long value) {
    return Stream.concat(k.constants().stream(), Stream.of(new KernelUse.Constant(name, value)));
  }

  private static Dispatch sized(Dispatch d, Extent grid, Extent threads) {
    return new Dispatch(
        d.kernel(),
        d.label(),
        d.layer(),
        grid,
        threads,
        d.bindings(),
        d.args(),
        d.barrierBefore(),
        d.sourceOps(),
        d.weightBytes(),
        d.activationBytes(),
        d.flops());
  }
}
