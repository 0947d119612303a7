package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.metal.DispatchTimes;
import dev.diecast.replay.metal.GpuTrace;
import dev.diecast.replay.metal.MetalFacts;
import dev.diecast.tests.OracleModels;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What tools ask of the metal device: facts, times of dispatches, captures. */
@ExtendWith({NeedsSoftMetal.class, SoundSoftMetal.class})
class MetalInspectionTest {
  @TempDir Path folder;
  private SoftMetal metal;

  @BeforeEach
  void load() {
    metal = SoftMetal.load();
  }

  @Test
  void factsOfTheGpu() {
    assertThat(MetalFacts.problem()).isEmpty();
    MetalFacts facts = MetalFacts.all().getFirst();
    assertThat(facts.name()).isEqualTo("Software Metal");
    assertThat(facts.families()).contains("Apple7", "Apple9", "Metal4").doesNotContain("Apple10");
    assertThat(facts.metal4()).isTrue();
    assertThat(facts.residencySets()).isTrue();
    assertThat(facts.obstacles()).isEmpty();
    assertThat(facts.maxBufferBytes()).isPositive();
    assertThat(facts.threadgroupBytes()).isEqualTo(32768);
    metal.set(Setting.OS_MAJOR, 14).set(Setting.METAL4, 0);
    MetalFacts older = MetalFacts.all().getFirst();
    assertThat(older.residencySets()).isFalse();
    assertThat(older.obstacles()).containsOnlyKeys(Encoder.MTL4);
  }

  @Test
  void timesOfDispatches() {
    for (boolean counters : new boolean[] {true, false}) {
      if (!counters) {
        metal.inject("supportsCounterSampling:", 0, new Fault.Call());
      }
      try (MetalRun run = MetalRun.open(OracleModels.all().getFirst().gguf(), Encoder.DIRECT);
          DispatchTimes times =
              DispatchTimes.open(run.plan(), run.model(), MetalRun.options(Encoder.AUTO))) {
        assertThat(times.fromCounters()).isEqualTo(counters);
        for (int program = 0; program < run.plan().programs().size(); program++) {
          List<DispatchTimes.Time> all = times.measure(program, 7, 2);
          assertThat(all).hasSameSizeAs(run.plan().programs().get(program).dispatches());
          assertThat(all).allMatch(time -> time.micros() > 0 && time.micros() < 60e6);
          assertThat(all.getFirst().where())
              .startsWith(run.plan().programs().get(program).name() + "[0] ");
        }
      }
      metal.injectNothing();
    }
  }

  @Test
  void aCaptureOfAStep() {
    metal.set(Setting.CAPTURE, 1);
    Path file = folder.resolve("step.gputrace");
    try (MetalRun run = MetalRun.open(OracleModels.all().getFirst().gguf(), Encoder.ICB)) {
      GpuTrace.capture(file, () -> run.session().feed(1));
    }
    assertThat(file).exists();
    assertThatThrownBy(() -> GpuTrace.capture(file, () -> {}))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("is there already");
    assertThatThrownBy(() -> GpuTrace.capture(folder.resolve("x"), () -> {}))
        .hasMessageContaining("ends in .gputrace");
  }

  @Test
  void captureHasToBeEnabled() {
    metal.set(Setting.CAPTURE, 0);
    assertThatThrownBy(() -> GpuTrace.capture(folder.resolve("x.gputrace"), () -> {}))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("METAL_CAPTURE_ENABLED=1");
  }
}
