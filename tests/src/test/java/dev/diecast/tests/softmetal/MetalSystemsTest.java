package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.Session;
import dev.diecast.tests.OracleModel;
import dev.diecast.tests.OracleModels;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Systems and GPUs that offer less than the newest: each encoder still says the same there. */
@ExtendWith({NeedsSoftMetal.class, SoundSoftMetal.class})
class MetalSystemsTest {
  private static final long APPLE7 = 1007;
  private static final int PROMPT = 5;

  private SoftMetal metal;

  @BeforeEach
  void load() {
    metal = SoftMetal.load();
  }

  /** Machines that the software Metal can pretend to be. */
  enum Machine {
    SEQUOIA("macOS 15 without Metal 4"),
    SONOMA("macOS 14 without residency sets"),
    M1("an M1, where pipelines have to be touched"),
    M1_SONOMA("an M1 with macOS 14"),
    SMALL_BUFFERS("buffers of 320 KiB");

    private final String title;

    Machine(String title) {
      this.title = title;
    }

    void configure(SoftMetal metal) {
      switch (this) {
        case SEQUOIA -> metal.set(Setting.OS_MAJOR, 15).set(Setting.METAL4, 0);
        case SONOMA -> metal.set(Setting.OS_MAJOR, 14).set(Setting.METAL4, 0);
        case M1 -> metal.set(Setting.FAMILY, APPLE7).set(Setting.METAL4, 0);
        case M1_SONOMA -> {
          SONOMA.configure(metal);
          metal.set(Setting.FAMILY, APPLE7);
        }
        case SMALL_BUFFERS -> metal.set(Setting.MAX_BUFFER_LENGTH, 320L << 10);
      }
    }

    @Override
    public String toString() {
      return title;
    }
  }

  static Stream<Arguments> systems() {
    return Stream.of(Machine.values())
        .flatMap(system ->
            Stream.of(Encoder.DIRECT, Encoder.ICB).map(encoder -> Arguments.of(system, encoder)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("systems")
  void itSaysTheSame(Machine system, Encoder encoder) {
    system.configure(metal);
    OracleModel model = OracleModels.all().getFirst();
    int[] tokens = model.tokens();
    try (MetalRun run = MetalRun.open(model.gguf(), encoder)) {
      Session session = run.session();
      session.prefill(Arrays.copyOf(tokens, PROMPT));
      session.feed(tokens[PROMPT]);
      float[] logits = session.logits();
      double[] row = new double[logits.length];
      Arrays.setAll(row, i -> logits[i]);
      assertThat(OracleModel.relativeError(row, model.reference()[PROMPT])).isLessThan(3e-3);
      if (system == Machine.SMALL_BUFFERS) {
        assertThat(run.session().startUp().notes().getFirst())
            .containsPattern("weight windows: ([2-9]|\\d\\d)");
      }
    }
  }

  @Test
  void anEncoderThatCannotWorkIsRefusedWithTheReason() {
    Machine.SEQUOIA.configure(metal);
    assertRefused(Encoder.MTL4, "the encoder mtl4 cannot be used: Metal 4 needs macOS 26");
    metal.setDeviceName("Apple Paravirtual device");
    assertRefused(
        Encoder.ICB,
        "the encoder icb cannot be used: indirect command buffers are broken on virtualised GPUs");
  }

  @Test
  void theChoiceLeavesOutWhatCannotWork() {
    Machine.SEQUOIA.configure(metal);
    metal.setDeviceName("Apple Paravirtual device");
    try (MetalRun run = MetalRun.open(OracleModels.all().getFirst().gguf(), Encoder.AUTO)) {
      List<String> notes = run.session().startUp().notes();
      assertThat(notes)
          .anySatisfy(note -> assertThat(note).startsWith("encoder icb is not for this GPU"))
          .anySatisfy(note -> assertThat(note).startsWith("encoder mtl4 is not for this GPU"))
          .anySatisfy(note -> assertThat(note).startsWith("encoder direct: the fastest of direct"));
    }
  }

  @Test
  void threadgroupsThatTheGpuCannotRunAreRefused() {
    metal.set(Setting.MAX_THREADS, 16);
    assertRefused(Encoder.DIRECT, "threads, this GPU runs the kernel with at most 16");
  }

  @Test
  void aTensorLargerThanABufferIsRefused() {
    metal.set(Setting.MAX_BUFFER_LENGTH, 4096);
    assertRefused(Encoder.DIRECT, "the largest weight tensor takes");
  }

  private static void assertRefused(Encoder encoder, String message) {
    OracleModel model = OracleModels.all().getFirst();
    assertThatThrownBy(() -> MetalRun.open(model.gguf(), encoder).close())
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(message);
  }
}
