package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.GenerateOptions;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.ReplayException;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tests.OracleModel;
import dev.diecast.tests.OracleModels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong in Metal ends in one clear error, and leaves nothing behind. */
@ExtendWith(NeedsSoftMetal.class)
class MetalFailureTest {
  private static final long TIMEOUT = 2;
  private static final long OUT_OF_MEMORY = 8;
  private static final int TOKENS = 4;

  private final OracleModel model = OracleModels.all().getFirst();
  private final int[] prompt = Arrays.copyOf(model.tokens(), 3);
  @TempDir Path archives;
  private SoftMetal metal;

  @BeforeEach
  void load() {
    metal = SoftMetal.load();
  }

  @AfterEach
  void nothingIsLeft() {
    metal.injectNothing();
    clean("the end");
    metal.reset();
  }

  private void clean(String when) {
    metal.settle();
    assertThat(metal.findings()).as(when).isEmpty();
    assertThat(metal.liveObjects()).as(when).isEmpty();
  }

  private MetalRun open(Encoder encoder) {
    return MetalRun.open(
        model.gguf(), MetalRun.options(encoder).withTokensInFlight(2).withArchives(archives));
  }

  private List<Integer> generate(Session session) {
    return session
        .generate(prompt, GenerateOptions.defaults().withMaxTokens(TOKENS), piece -> {})
        .tokens();
  }

  @ParameterizedTest
  @EnumSource(value = Encoder.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void aFaultThatComesOnceIsReportedAndResetMendsIt(Encoder encoder) {
    try (MetalRun run = open(encoder)) {
      Session session = run.session();
      List<Integer> good = generate(session);
      session.reset();
      metal.mark();
      metal.inject(commit(encoder), 3, new Fault.Gpu(TIMEOUT));
      assertThatThrownBy(() -> generate(session))
          .isInstanceOf(ReplayException.class)
          .hasMessageContaining("did not fail again when its dispatches ran one by one")
          .hasMessageContaining("injected failure on the GPU");
      assertThatThrownBy(session::logits).hasMessageContaining("reset() the session first");
      metal.injectNothing();
      session.reset();
      assertThat(generate(session)).isEqualTo(good);
    }
  }

  private static String commit(Encoder encoder) {
    return encoder == Encoder.MTL4 ? "commit:count:options:" : "commit";
  }

  /** The program runs again dispatch by dispatch, and the fault comes again with one of them. */
  @ParameterizedTest
  @EnumSource(value = Encoder.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void aFaultThatComesAgainNamesTheDispatch(Encoder encoder) {
    try (MetalRun run = open(encoder)) {
      Session session = run.session();
      List<Integer> good = generate(session);
      String selector =
          encoder == Encoder.ICB
              ? "executeCommandsInBuffer:withRange:"
              : "dispatchThreadgroups:threadsPerThreadgroup:";
      int decode = run.plan().decode().dispatches().size();
      session.reset();
      session.prefill(prompt);
      metal.mark();
      metal.inject(selector, 1, new Fault.Gpu(TIMEOUT));
      metal.inject(selector, (encoder == Encoder.ICB ? 1 : decode) + 6, new Fault.Gpu(TIMEOUT));
      String label = run.plan().decode().dispatches().get(5).label();
      assertThatThrownBy(() -> session.feed(1))
          .isInstanceOf(ReplayException.class)
          .hasMessageStartingWith("decode[5] " + label + " (")
          .hasMessageContaining("injected failure on the GPU");
      metal.injectNothing();
      session.reset();
      assertThat(generate(session)).isEqualTo(good);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Encoder.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void shortageIsNobodysFault(Encoder encoder) {
    try (MetalRun run = open(encoder)) {
      Session session = run.session();
      metal.mark();
      metal.inject(commit(encoder), 2, new Fault.Gpu(OUT_OF_MEMORY));
      assertThatThrownBy(() -> generate(session))
          .isInstanceOf(ReplayException.class)
          .hasMessageStartingWith("decode: ");
      metal.injectNothing();
      session.reset();
      assertThat(generate(session)).hasSize(TOKENS);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Encoder.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void aDeviceThatIsGoneStaysGone(Encoder encoder) {
    try (MetalRun run = open(encoder)) {
      Session session = run.session();
      metal.mark();
      metal.inject(commit(encoder), 2, new Fault.DeviceLost());
      assertThatThrownBy(() -> generate(session)).isInstanceOf(ReplayException.class);
      assertThatThrownBy(session::reset)
          .isInstanceOf(ReplayException.class)
          .hasMessageContaining("the GPU was lost");
    }
  }

  /** Steps that are under way when a session closes are waited for. */
  @ParameterizedTest
  @EnumSource(value = Encoder.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void aSessionClosesInTheMiddleOfAGeneration(Encoder encoder) {
    try (MetalRun run = open(encoder)) {
      metal.mark();
      metal.inject(commit(encoder), 3, new Fault.Delay(200));
      Session session = run.session();
      assertThatThrownBy(() ->
              session.generate(
                  prompt, GenerateOptions.defaults().withMaxTokens(9), _ -> session.close()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the session is closed");
    }
  }

  /** What an observer was shown and kept ends with the session, and so does not crash later. */
  @Test
  void whatAnObserverKeptCannotBeReadAfterwards() {
    List<MemorySegment> kept = new ArrayList<>();
    try (GgufFile file = GgufFile.open(model.gguf())) {
      Plan plan =
          PlanCompiler.compile(file, CompileOptions.DEFAULTS.withDevice("metal").withContext(64));
      SessionOptions options =
          SessionOptions.defaults().withMetal(MetalRun.options(Encoder.DIRECT));
      try (Session session =
          Session.open(plan, file, options, (_, _, written) -> kept.addAll(written))) {
        session.feed(1);
      }
    }
    assertThat(kept).isNotEmpty();
    assertThatThrownBy(() -> kept.getFirst().get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aDeviceThatGoesUnderAnObserverStaysGone() {
    try (GgufFile file = GgufFile.open(model.gguf())) {
      Plan plan =
          PlanCompiler.compile(file, CompileOptions.DEFAULTS.withDevice("metal").withContext(64));
      SessionOptions options =
          SessionOptions.defaults().withMetal(MetalRun.options(Encoder.DIRECT));
      try (Session session = Session.open(plan, file, options, (_, _, _) -> {})) {
        metal.mark();
        metal.inject("commit", 2, new Fault.DeviceLost());
        assertThatThrownBy(() -> session.feed(1))
            .isInstanceOf(ReplayException.class)
            .hasMessageStartingWith("decode[1] ");
        metal.injectNothing();
        assertThatThrownBy(session::reset)
            .isInstanceOf(ReplayException.class)
            .hasMessageContaining("the GPU was lost");
      }
    }
  }
}
