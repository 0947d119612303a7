package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tests.OracleModel;
import dev.diecast.tests.OracleModels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * More than a hundred tokens in random order are the same whichever the seed and the encoder, and
 * begin as those in the planned order do, bit by bit: what no barrier orders shares no memory, and
 * within a dispatch the host execution always runs threadgroups in one order.
 */
@ExtendWith({NeedsSoftMetal.class, SoundSoftMetal.class})
class RandomOrderTest {
  private static final int TOKENS = 102;
  private static final int TOKENS_PER_SEED = 34;
  private static final int PLANNED = 16;
  private static final int CONTEXT = 128;

  private SoftMetal metal;

  @BeforeEach
  void load() {
    metal = SoftMetal.load();
  }

  @ParameterizedTest
  @ValueSource(strings = {"glmflash.q4_0", "qwen3.q4_k_m"})
  void itIsThePlannedOrderBitByBit(String name) {
    OracleModel model = OracleModels.named(name);
    metal.set(Setting.SHUFFLE, 0);
    List<float[]> planned = rows(model, Encoder.DIRECT, 0, PLANNED);
    metal.set(Setting.SHUFFLE, 1);
    List<float[]> expected = planned;
    int seed = 1;
    for (Encoder encoder : List.of(Encoder.DIRECT, Encoder.ICB, Encoder.MTL4)) {
      List<float[]> random = rows(model, encoder, seed, TOKENS);
      for (int t = 0; t < expected.size(); t++) {
        assertThat(Arrays.equals(random.get(t), expected.get(t)))
            .as("%s, token %d, seeds from %d", encoder, t, seed)
            .isTrue();
      }
      seed += TOKENS / TOKENS_PER_SEED;
      expected = random;
    }
  }

  /** The logits behind a prompt and behind each greedy token; a fresh seed now and then. */
  private List<float[]> rows(OracleModel oracle, Encoder encoder, int firstSeed, int tokens) {
    List<float[]> rows = new ArrayList<>();
    try (GgufFile model = GgufFile.open(oracle.gguf());
        Session session = open(model, encoder)) {
      session.start(Arrays.copyOf(oracle.tokens(), 5));
      rows.add(session.logits());
      metal.settle();
      Map<String, Long> objects = metal.liveObjects();
      for (int t = 0; t < tokens; t++) {
        if (t % TOKENS_PER_SEED == 0) {
          metal.set(Setting.SEED, firstSeed + t / TOKENS_PER_SEED);
        }
        session.step();
        rows.add(session.logits());
      }
      metal.settle();
      assertThat(metal.liveObjects()).as("objects after %d tokens", tokens).isEqualTo(objects);
    }
    return rows;
  }

  private static Session open(GgufFile model, Encoder encoder) {
    Plan plan =
        PlanCompiler.compile(
            model, CompileOptions.DEFAULTS.withDevice("metal").withContext(CONTEXT));
    return Session.open(
        plan, model, SessionOptions.defaults().withMetal(MetalRun.options(encoder)));
  }
}
