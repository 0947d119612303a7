package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tools.demo.DemoModel;
import dev.diecast.tools.demo.Evaluation;
import dev.diecast.tools.demo.HeldOutSet;
import dev.diecast.tools.demo.Score;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The shipped model answers held-out questions as well on the software Metal as on the cpu device.
 * A few of them by default; {@code -Ddiecast.demo.items=24} took 5 minutes on a busy machine.
 */
@ExtendWith(NeedsSoftMetal.class)
class DemoAcrossDevicesTest {
  private static final int ITEMS = Integer.getInteger("diecast.demo.items", 3);

  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0"})
  void scoresLieWithinEachOthersInterval(DemoModel.Type type) throws IOException {
    SoftMetal metal = SoftMetal.load();
    HeldOutSet questions = HeldOutSet.load().atMost(ITEMS);
    try (DemoModel demo = DemoModel.unpack(type)) {
      Score cpu = score(demo.path(), "cpu", questions);
      Score gpu = score(demo.path(), "metal", questions);
      System.out.printf(
          "demo %s, %d questions: cpu %d right, software Metal %d right%n",
          type.text(), cpu.total(), cpu.right(), gpu.right());
      assertThat(gpu.share()).isBetween(cpu.low(), cpu.high());
      assertThat(cpu.share()).isBetween(gpu.low(), gpu.high());
    }
    metal.settle();
    assertThat(metal.findings()).isEmpty();
  }

  private static Score score(Path demo, String device, HeldOutSet questions) throws IOException {
    SessionOptions options = SessionOptions.defaults().withMetal(MetalRun.options(Encoder.ICB));
    try (GgufFile file = GgufFile.open(demo);
        Session session =
            Session.open(
                PlanCompiler.compile(
                    file, CompileOptions.DEFAULTS.withDevice(device).withContext(256)),
                file,
                options)) {
      return Evaluation.run(session, questions, 0, _ -> {}).overall();
    }
  }
}
