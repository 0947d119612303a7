package dev.diecast.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.capture.passes.Pass;
import dev.diecast.capture.passes.PassSelection;
import dev.diecast.capture.passes.Passes;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanCodec;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.PlanVerifier;
import dev.diecast.plans.Program;
import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanCompilerTest {
  /** Without any fusion: a dispatch per operation. */
  private static final CompileOptions PLAIN =
      CompileOptions.DEFAULTS.withPasses(PassSelection.parse("-fuse"));

  static List<TestModel> models() {
    return TestModels.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void plansHoldWithAnyPassesAndPrograms(TestModel model) {
    List<CompileOptions> variants =
        List.of(
            CompileOptions.DEFAULTS,
            CompileOptions.DEFAULTS.withPrefillTokens(7).withAttentionSplits(3),
            CompileOptions.DEFAULTS.withPrefillTokens(0).withContext(5),
            PLAIN,
            CompileOptions.DEFAULTS.withPasses(PassSelection.parse("-all")));
    for (CompileOptions options : variants) {
      assertThat(PlanVerifier.verify(compile(model, options))).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void plansHoldWithEachFusionOffAndAlone(TestModel model) {
    List<String> fusions =
        Passes.STANDARD.stream().map(Pass::name).filter(name -> name.startsWith("fuse-")).toList();
    assertThat(fusions).isNotEmpty();
    for (String fusion : fusions) {
      for (String switches : List.of("-" + fusion, "-fuse,+" + fusion)) {
        CompileOptions options =
            CompileOptions.DEFAULTS.withPrefillTokens(3).withPasses(PassSelection.parse(switches));
        assertThat(PlanVerifier.verify(compile(model, options))).as(switches).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyBarrierIsNeeded(TestModel model) {
    Plan plan = compile(model, CompileOptions.DEFAULTS);
    for (Program program : plan.programs()) {
      assertThat(program.dispatches().getFirst().barrierBefore()).isFalse();
      for (int i = 0; i < program.dispatches().size(); i++) {
        if (program.dispatches().get(i).barrierBefore()) {
          assertThat(PlanVerifier.verify(withoutBarrier(plan, program, i)))
              .as("%s without the barrier before %d", program.name(), i)
              .isNotEmpty();
        }
      }
    }
  }

  @Test
  void queryKeyAndValueShareAStage() {
    Program decode = compile(models().getFirst(), PLAIN).programs().getFirst();
    assertThat(barrier(decode, "blk.0.attn_q")).isTrue();
    assertThat(barrier(decode, "blk.0.attn_k")).isFalse();
    assertThat(barrier(decode, "blk.0.attn_v")).isFalse();
  }

  @Test
  void compilingTwiceGivesTheSameBytes() {
    for (TestModel model : models()) {
      byte[] first = PlanCodec.encode(compile(model, CompileOptions.DEFAULTS));
      byte[] second = PlanCodec.encode(compile(model, CompileOptions.DEFAULTS));
      assertThat(first).isEqualTo(second);
      assertThat(PlanCodec.encode(PlanCodec.decode(first))).isEqualTo(first);
    }
  }

  @Test
  void everyTracedOperationOfTheLayersHasAKernelOrIsAView() {
    for (TestModel model : models()) {
      Program decode = compile(model, CompileOptions.DEFAULTS).programs().getFirst();
      assertThat(decode.dispatches().stream().flatMap(d -> d.sourceOps().stream()))
          .contains("blk.1.attn_residual", "blk.1.ffn_residual", "last_token", "sample");
    }
  }

  @Test
  void expertsAreAddressedByPointerOffset() {
    Program decode = compile(models().getLast(), PLAIN).programs().getFirst();
    Dispatch down = dispatch(decode, "blk.1.ffn_down_exps");
    Dispatch.ExpertIndex expert = down.bindings().getFirst().expert();
    assertThat(expert).isEqualTo(new Dispatch.ExpertIndex(1, 8, 64 * 18, 64 * 18));
    assertThat(down.bindings().getFirst().bytes()).isEqualTo(8 * 64 * 18);
    assertThat(down.weightBytes()).isEqualTo(2 * 64 * 18);
  }

  @Test
  void latentAttentionProducesItsRowsInPlace() {
    Program decode = compile(models().getLast(), PLAIN).programs().getFirst();
    Dispatch.Binding latent = dispatch(decode, "blk.1.attn_kv_a_norm").bindings().getLast();
    Dispatch.Binding key = dispatch(decode, "blk.1.k_rope").bindings().getLast();
    Dispatch.Binding row = dispatch(decode, "blk.1.kv_write").bindings().getFirst();
    assertThat(row.offset()).isEqualTo(latent.offset());
    assertThat(key.offset()).isEqualTo(latent.offset() + latent.bytes());
    assertThat(row.bytes()).isEqualTo(latent.bytes() + key.bytes());
  }

  @Test
  void arenaReachesItsLowerBoundNearly() {
    Plan plan = compile(TestModels.glm(), CompileOptions.DEFAULTS);
    Program prefill = plan.programs().getLast();
    long arena = plan.buffers().getLast().bytes();
    assertThat(arena).isBetween(prefill.arenaLowerBoundBytes(), prefill.arenaNaiveBytes() / 20);
    assertThat(arena).isLessThan(prefill.arenaLowerBoundBytes() * 110 / 100);
  }

  @Test
  void glmIsCutIntoWindowsAndCompilesInASecond() {
    TestModel model = TestModels.glm();
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      compile(model, CompileOptions.DEFAULTS);
      best = Math.min(best, System.nanoTime() - start);
    }
    assertThat(best).isLessThan(1_000_000_000L);
    Plan plan = compile(model, CompileOptions.DEFAULTS);
    List<PlanBuffer.Weights> windows =
        plan.buffers().stream()
            .filter(PlanBuffer.Weights.class::isInstance)
            .map(PlanBuffer.Weights.class::cast)
            .toList();
    assertThat(windows).hasSizeGreaterThan(3);
    assertThat(windows)
        .allSatisfy(window -> {
          assertThat(window.bytes()).isLessThan(1L << 32);
          assertThat(window.fileOffset() % 16384).isZero();
        });
    assertThat(PlanVerifier.verify(plan)).isEmpty();
  }

  @Test
  void contextIsTheModelsOwnUpToALimit() {
    assertThat(compile(models().getFirst(), CompileOptions.DEFAULTS).model().context())
        .isEqualTo(512);
    TestModel wide = models().getFirst().with("context_length", 200_000L);
    assertThat(compile(wide, CompileOptions.DEFAULTS).model().context()).isEqualTo(4096);
    assertThat(compile(wide, CompileOptions.DEFAULTS.withContext(9000)).model().context())
        .isEqualTo(9000);
  }

  @Test
  void cachesBeyondOneBufferAreSplit() {
    Plan plan = compile(TestModels.glm(), CompileOptions.DEFAULTS.withContext(131_072));
    List<String> caches =
        plan.buffers().stream()
            .filter(PlanBuffer.Kv.class::isInstance)
            .map(PlanBuffer::name)
            .collect(Collectors.toList());
    assertThat(caches).containsExactly("kv", "kv.1");
    assertThat(PlanVerifier.verify(plan)).isEmpty();
    assertThat(plan.programs().getFirst().dispatches())
        .flatExtracting(Dispatch::bindings)
        .allSatisfy(binding -> assertThat(binding.offset()).isLessThan(1L << 32));
  }

  @Test
  void typeThatNoKernelRunsIsRefusedByName() {
    TestModel model = models().getFirst().tensor("blk.1.attn_q.weight", TensorType.Q3_K, 256, 64);
    assertThatThrownBy(() -> compile(model, CompileOptions.DEFAULTS))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("blk.1.attn_q.weight");
  }

  @Test
  void tensorLargerThanAWindowIsRefusedByName() {
    TestModel model =
        TestModels.grouped("llama", 1, 64, 4, 2, 16, 96, 60_000_000)
            .tensor("output.weight", TensorType.F32, 64, 60_000_000);
    assertThatThrownBy(() -> compile(model, CompileOptions.DEFAULTS))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("'output.weight' has 15360000000 bytes");
  }

  @Test
  void unknownDeviceIsRefused() {
    assertThatThrownBy(
            () -> compile(models().getFirst(), CompileOptions.DEFAULTS.withDevice("tpu")))
        .isInstanceOf(PlanException.class)
        .hasMessage("no device is called 'tpu'; there are cpu, metal, cuda");
  }

  private static Plan compile(TestModel model, CompileOptions options) {
    return PlanCompiler.compile(model, options);
  }

  private static Plan withoutBarrier(Plan plan, Program program, int index) {
    List<Dispatch> dispatches = new ArrayList<>(program.dispatches());
    Dispatch d = dispatches.get(index);
    dispatches.set(index, d.withBarrierBefore(false));
    Program changed = program.withDispatches(dispatches);
    return plan.withPrograms(
        plan.programs().stream().map(p -> p.name().equals(program.name()) ? changed : p).toList());
  }

  private static Dispatch dispatch(Program program, String label) {
    return program.dispatches().stream()
        .filter(dispatch -> dispatch.label().equals(label))
        .findFirst()
        .orElseThrow();
  }

  private static boolean barrier(Program program, String label) {
    return dispatch(program, label).barrierBefore();
  }
}
