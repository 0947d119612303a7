package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanVerifier;
import dev.diecast.plans.Program;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.device.DeviceFailure;
import dev.diecast.tests.RandomModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each barrier of a plan is there for a reason: without it, random order gives other numbers. So
 * right numbers in random order say that none is missing.
 */
@ExtendWith(NeedsSoftMetal.class)
class MissingBarrierTest {
  /** Two layers of latent attention, one with experts. */
  private static final RandomModels.Family FAMILY = RandomModels.Family.DEEPSEEK2_FLASH;

  private static final long MODEL_SEED = 1;
  private static final int SEEDS = 24;
  private static final int STEPS = 2;
  private static final int[] PROMPT = {3, 1, 4};

  /** A barrier of a plan, by program and the dispatch behind it. */
  private record Barrier(int program, int dispatch) {}

  @TempDir Path folder;
  private SoftMetal metal;
  private GgufFile model;
  private Plan plan;

  @BeforeEach
  void load() {
    metal = SoftMetal.load();
    model =
        GgufFile.open(RandomModels.write(FAMILY, MODEL_SEED, List.of(TensorType.F16), folder));
    plan = PlanCompiler.compile(model, CompileOptions.DEFAULTS.withDevice("metal").withContext(16));
  }

  @AfterEach
  void close() {
    model.close();
    metal.settle();
    assertThat(metal.liveObjects()).isEmpty();
    metal.reset();
  }

  @ParameterizedTest
  @EnumSource(value = Encoder.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void randomOrderShowsEachThatIsMissing(Encoder encoder) {
    List<byte[]> expected = seen(plan, encoder, 1);
    for (int seed = 2; seed <= 5; seed++) {
      assertThat(same(seen(plan, encoder, seed), expected)).as("seed %d", seed).isTrue();
    }
    assertThat(metal.findings()).isEmpty();
    List<Barrier> barriers = barriers();
    assertThat(barriers).hasSizeGreaterThan(30);
    List<Barrier> unnoticed = new ArrayList<>();
    for (Barrier barrier : barriers) {
      Plan without = without(barrier);
      assertThat(PlanVerifier.verify(without)).as("the verifier on %s", barrier).isNotEmpty();
      if (!shows(without, encoder, expected)) {
        unnoticed.add(barrier);
      }
    }
    assertThat(unnoticed).as("of %d barriers", barriers.size()).isEmpty();
  }

  private boolean shows(Plan without, Encoder encoder, List<byte[]> expected) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      try {
        if (!same(seen(without, encoder, seed), expected)) {
          return true;
        }
      } catch (DeviceFailure e) {
        return true; // A kernel that met rubbish need not come to its end.
      }
    }
    return false;
  }

  private List<byte[]> seen(Plan any, Encoder encoder, int seed) {
    metal.set(Setting.SEED, seed);
    try (UncheckedReplay replay = new UncheckedReplay(any, model, MetalRun.options(encoder))) {
      return replay.run(PROMPT, STEPS);
    }
  }

  private static boolean same(List<byte[]> a, List<byte[]> b) {
    return Arrays.deepEquals(a.toArray(), b.toArray());
  }

  /** All of them but one in front of a program, where the end of the last one orders anyway. */
  private List<Barrier> barriers() {
    List<Barrier> barriers = new ArrayList<>();
    for (int p = 0; p < plan.programs().size(); p++) {
      List<Dispatch> dispatches = plan.programs().get(p).dispatches();
      for (int d = 1; d < dispatches.size(); d++) {
        if (dispatches.get(d).barrierBefore()) {
          barriers.add(new Barrier(p, d));
        }
      }
    }
    return barriers;
  }

  private Plan without(Barrier barrier) {
    List<Program> programs = new ArrayList<>(plan.programs());
    Program program = programs.get(barrier.program());
    List<Dispatch> dispatches = new ArrayList<>(program.dispatches());
    dispatches.set(barrier.dispatch(), unordered(dispatches.get(barrier.dispatch())));
    programs.set(
        barrier.program(),
        new Program(
            program.name(),
            program.tokens(),
            dispatches,
            program.arenaLowerBoundBytes(),
            program.arenaNaiveBytes(),
            program.arenaValues()));
    return new Plan(
        plan.producer(),
        plan.model(),
        plan.device(),
        plan.kernels(),
        plan.buffers(),
        plan.tensors(),
        programs,
        plan.tuning(),
        plan.passes());
  }

  private static Dispatch unordered(Dispatch d) {
    return new Dispatch(
        d.kernel(),
        d.label(),
        d.layer(),
        d.grid(),
        d.threadgroup(),
        d.bindings(),
        d.args(),
        false,
        d.sourceOps(),
        d.weightBytes(),
        d.activationBytes(),
        d.flops());
  }
}
