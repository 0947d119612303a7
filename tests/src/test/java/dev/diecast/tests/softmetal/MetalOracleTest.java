package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.capture.tuning.TuningDatabase;
import dev.diecast.capture.tuning.TuningKey;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.MetalOptions;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import dev.diecast.replay.StartUp;
import dev.diecast.tests.OracleModel;
import dev.diecast.tests.OracleModels;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The metal device on the software Metal, against the float64 reference. Dispatches that no barrier
 * orders run in random order, and no rule of Metal's may be broken.
 */
@ExtendWith(NeedsSoftMetal.class)
class MetalOracleTest {
  private static final double TOLERANCE = 3e-3;
  private static final int PROMPT = 5;
  private static final List<Encoder> ENCODERS = List.of(Encoder.DIRECT, Encoder.ICB, Encoder.MTL4);

  private SoftMetal metal;

  @BeforeEach
  void load() {
    metal = SoftMetal.load();
  }

  @AfterEach
  void noRuleWasBroken() {
    metal.settle();
    assertThat(metal.findings()).isEmpty();
    assertThat(metal.liveObjects()).isEmpty();
  }

  static Stream<Arguments> runs() {
    return OracleModels.all().stream()
        .flatMap(model -> ENCODERS.stream().map(encoder -> Arguments.of(model, encoder)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void prefillThenDecode(OracleModel model, Encoder encoder) {
    float[][] reference = model.reference();
    int[] tokens = model.tokens();
    try (MetalRun run = MetalRun.open(model.gguf(), encoder)) {
      Session session = run.session();
      session.prefill(Arrays.copyOf(tokens, PROMPT));
      check(model, session, reference[PROMPT - 1], PROMPT - 1);
      for (int t = PROMPT; t < PROMPT + 2; t++) {
        session.feed(tokens[t]);
        check(model, session, reference[t], t);
      }
    }
  }

  private static void check(OracleModel model, Session session, float[] reference, int row) {
    float[] logits = session.logits();
    double[] row64 = new double[logits.length];
    Arrays.setAll(row64, i -> logits[i]);
    assertThat(OracleModel.relativeError(row64, reference))
        .as("%s, row %d", model, row)
        .isLessThan(TOLERANCE);
  }

  @Test
  void theEncoderIsTakenThatTuningMeasured() {
    try (GgufFile file = GgufFile.open(OracleModels.all().getFirst().gguf())) {
      CompileOptions options = CompileOptions.DEFAULTS.withDevice("metal").withContext(64);
      int dispatches = PlanCompiler.compile(file, options).decode().dispatches().size();
      TuningKey key = new TuningKey("metal", "encoder", "dispatches=" + dispatches);
      TuningDatabase measured = TuningDatabase.EMPTY.with(key, "encoder", Encoder.ICB.number());
      Plan plan = PlanCompiler.compile(file, options.withTuning(measured));
      try (Session session =
          Session.open(
              plan, file, SessionOptions.defaults().withMetal(MetalRun.options(Encoder.AUTO)))) {
        assertThat(session.startUp().notes()).contains("encoder icb: as the plan's tuning says");
      }
    }
  }

  @Test
  void firstStepsAreTimed() {
    MetalOptions options = MetalRun.options(Encoder.ICB).withWarmUpMillis(300);
    try (MetalRun run = MetalRun.open(OracleModels.all().getFirst().gguf(), options)) {
      StartUp startUp = run.session().startUp();
      assertThat(startUp.openNanos()).isPositive();
      assertThat(startUp.warmUp().steps()).isPositive();
      assertThat(startUp.warmUp().coldNanos())
          .isGreaterThanOrEqualTo(startUp.warmUp().warmNanos())
          .isPositive();
      assertThat(run.session().position()).isZero();
    }
  }

  @Test
  void theFastestEncoderIsTakenWhereNobodySays() {
    try (MetalRun run = MetalRun.open(OracleModels.all().getFirst().gguf(), Encoder.AUTO)) {
      assertThat(run.session().startUp().notes())
          .anySatisfy(note -> assertThat(note).contains("the fastest of direct", "icb", "mtl4"));
      assertThat(run.session().position()).isZero();
    }
  }
}
