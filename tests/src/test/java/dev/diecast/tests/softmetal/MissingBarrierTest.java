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
import java.util.stream.IntStream;
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
  private static final int RUNS = 2;

  @TempDir Path folder;
  private SoftMetal metal;
  private GgufFile model;
  private Plan plan;

  @BeforeEach
  void load() {
    metal = SoftMetal.load();
    model = GgufFile.open(RandomModels.write(FAMILY, MODEL_SEED, List.of(TensorType.F16), folder));
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
    for (int program = 0; program < plan.programs().size(); program++) {
      List<byte[]> expected = seen(plan, program, encoder, 1);
      for (int seed = 2; seed <= 4; seed++) {
        assertThat(same(seen(plan, program, encoder, seed), expected)).as("seed %d", seed).isTrue();
      }
      assertThat(metal.findings()).isEmpty();
      List<Integer> unnoticed = new ArrayList<>();
      List<Integer> barriers = barriers(plan.programs().get(program));
      assertThat(barriers).hasSizeGreaterThan(15);
      for (int barrier : barriers) {
        Plan without = without(program, barrier);
        assertThat(PlanVerifier.verify(without)).as("the verifier, %d", barrier).isNotEmpty();
        if (!shows(without, program, encoder, expected)) {
          unnoticed.add(barrier);
        }
      }
      assertThat(unnoticed).as("program %d, of %d", program, barriers.size()).isEmpty();
    }
  }

  private boolean shows(Plan without, int program, Encoder encoder, List<byte[]> expected) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      try {
        if (!same(seen(without, program, encoder, seed), expected)) {
          return true;
        }
      } catch (DeviceFailure e) {
        return true; // A kernel that met rubbish need not come to its end.
      }
    }
    return false;
  }

  private List<byte[]> seen(Plan any, int program, Encoder encoder, int seed) {
    metal.set(Setting.SEED, seed);
    try (UncheckedReplay replay = new UncheckedReplay(any, model, MetalRun.options(encoder))) {
      return replay.run(program, RUNS);
    }
  }

  private static boolean same(List<byte[]> a, List<byte[]> b) {
    return Arrays.deepEquals(a.toArray(), b.toArray());
  }

  /**
   * The dispatches with a barrier in front of them; not the first of a program, where the end of
   * the last program orders anyway.
   */
  private static List<Integer> barriers(Program program) {
    return IntStream.range(1, program.dispatches().size())
        .filter(d -> program.dispatches().get(d).barrierBefore())
        .boxed()
        .toList();
  }

  private Plan without(int which, int barrier) {
    List<Program> programs = new ArrayList<>(plan.programs());
    Program program = programs.get(which);
    List<Dispatch> dispatches = new ArrayList<>(program.dispatches());
    dispatches.set(barrier, dispatches.get(barrier).withBarrierBefore(false));
    programs.set(which, program.withDispatches(dispatches));
    return plan.withPrograms(programs);
  }
}
