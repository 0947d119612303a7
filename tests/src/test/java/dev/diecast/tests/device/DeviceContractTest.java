package dev.diecast.tests.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.GenerateOptions;
import dev.diecast.replay.Generation;
import dev.diecast.replay.Generation.StopReason;
import dev.diecast.replay.Sampling;
import dev.diecast.replay.Session;
import dev.diecast.tests.Logits;
import dev.diecast.tests.OracleModel;
import dev.diecast.tests.OracleModels;
import dev.diecast.tests.softmetal.SoftMetal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a session promises, whatever device its plan is for. On the software Metal, dispatches run
 * in random order where nothing orders them, tokens are in flight, and afterwards no rule may be
 * broken and nothing left.
 */
@ParameterizedClass
@EnumSource(DeviceUnderTest.class)
class DeviceContractTest {
  /** Float16 weights: no device rounds more than the KV cache does. */
  private static final OracleModel MODEL = OracleModels.named("qwen3.f16");

  private static final double TOLERANCE = 3e-3;
  private static final int CONTEXT = 48;
  private static final int GENERATED = 9;
  private static final Sampling SPICY = new Sampling(1.1f, 40, 0.97f, 0.01f, 1.2f, 32, 11);

  private final int[] tokens = MODEL.tokens();
  private final int[] prompt = Arrays.copyOf(tokens, 5);

  @Parameter DeviceUnderTest device;

  private GgufFile model;
  private Plan plan;

  @BeforeEach
  void open() {
    assumeTrue(device.problem().isEmpty(), () -> device.problem().orElseThrow());
    if (device.isMetal()) {
      SoftMetal.load();
    }
    model = GgufFile.open(MODEL.gguf());
    plan = device.plan(model, CONTEXT);
  }

  @AfterEach
  void nothingIsBrokenOrLeft() {
    if (model == null) {
      return;
    }
    model.close();
    if (device.isMetal()) {
      SoftMetal metal = SoftMetal.load();
      metal.settle();
      assertThat(metal.findings()).isEmpty();
      assertThat(metal.liveObjects()).isEmpty();
    }
  }

  private Session session() {
    return device.open(plan, model);
  }

  /** A prompt and greedy or other steps: the tokens chosen. */
  private static List<Integer> stepwise(Session session, int[] prompt, int count) {
    List<Integer> chosen = new ArrayList<>(List.of(session.start(prompt)));
    while (chosen.size() < count) {
      chosen.add(session.step());
    }
    return chosen;
  }

  private static GenerateOptions upTo(int tokens) {
    return GenerateOptions.defaults().withMaxTokens(tokens);
  }

  private static void assertNear(float[] logits, float[] reference, String what) {
    assertThat(Logits.relativeError(logits, reference)).as(what).isLessThan(TOLERANCE);
  }

  @Test
  void prefillThenDecodeEqualsDecode() {
    float[][] reference = MODEL.reference();
    try (Session chunks = session();
        Session single = session()) {
      // 32 tokens are one run of the prefill program.
      for (int length : new int[] {1, 2, 7, 32, 34}) {
        chunks.reset();
        chunks.prefill(Arrays.copyOf(tokens, length));
        while (single.position() < length) {
          single.feed(tokens[single.position()]);
        }
        assertThat(chunks.position()).isEqualTo(length);
        assertNear(chunks.logits(), single.logits(), "prefill of " + length);
        assertNear(chunks.logits(), reference[length - 1], "reference of " + length);
        chunks.feed(tokens[length]);
        assertNear(chunks.logits(), reference[length], "decode behind " + length);
      }
    }
  }

  @Test
  void replayIsBitIdentical() {
    List<Integer> chosen;
    float[] logits;
    try (Session session = session()) {
      session.sampling(SPICY);
      chosen = stepwise(session, prompt, GENERATED);
      logits = session.logits();
      session.reset();
      assertThat(stepwise(session, prompt, GENERATED)).isEqualTo(chosen);
      assertThat(session.logits()).containsExactly(logits);
    }
    try (Session another = session()) {
      another.sampling(SPICY);
      assertThat(stepwise(another, prompt, GENERATED)).isEqualTo(chosen);
      assertThat(another.logits()).containsExactly(logits);
    }
  }

  @Test
  void resetForgetsAllButTheSampling() {
    try (Session session = session()) {
      session.sampling(SPICY);
      List<Integer> chosen = stepwise(session, prompt, 4);
      session.reset();
      assertThat(session.position()).isZero();
      assertThatThrownBy(session::logits).hasMessageContaining("there are no logits");
      assertThatThrownBy(session::step).hasMessageContaining("start(tokens) comes before step()");
      assertThat(stepwise(session, prompt, 4)).isEqualTo(chosen);
    }
  }

  @Test
  void wrongCallsAreRefusedAndDoNoHarm() {
    int vocab = Math.toIntExact(plan.model().vocab());
    try (Session session = session()) {
      assertThatThrownBy(session::logits).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(session::step).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> session.prefill(new int[0])).hasMessage("the prompt is empty");
      for (int token : new int[] {-1, vocab, Integer.MAX_VALUE}) {
        String message = "token " + token + " is not in the vocabulary of " + vocab;
        assertThatThrownBy(() -> session.feed(token))
            .isInstanceOf(PlanException.class)
            .hasMessage(message);
        assertThatThrownBy(() -> session.start(new int[] {1, token})).hasMessage(message);
      }
      assertThat(session.position()).isZero();
      session.prefill(prompt);
      assertThatThrownBy(session::step).as("prefill chooses nothing").hasMessageContaining("start");
      assertThatThrownBy(() -> session.logits(new float[vocab - 1]))
          .isInstanceOf(IllegalArgumentException.class);
      assertNear(session.logits(), MODEL.reference()[prompt.length - 1], "after wrong calls");
    }
  }

  @Test
  void theContextIsALimit() {
    try (Session session = session()) {
      assertThatThrownBy(() -> session.prefill(new int[CONTEXT + 1]))
          .isInstanceOf(PlanException.class)
          .hasMessage("the context holds 48 tokens: 0 are in use, 49 more do not fit");
      session.prefill(new int[CONTEXT - 2]);
      session.start(new int[] {1});
      session.step();
      assertThat(session.position()).isEqualTo(CONTEXT);
      assertThatThrownBy(session::step).hasMessageContaining("48 are in use, 1 more do not fit");
      assertThatThrownBy(() -> session.feed(1)).hasMessageContaining("1 more do not fit");
      assertThat(session.logits()).doesNotContain(Float.NaN);
      session.reset();
      session.prefill(new int[CONTEXT - 3]);
      Generation full = session.generate(new int[] {1}, upTo(100), piece -> {});
      assertThat(full.stop()).isIn(StopReason.CONTEXT_FULL, StopReason.END_OF_GENERATION);
      assertThat(session.position()).isLessThanOrEqualTo(CONTEXT);
    }
  }

  /** Near ties may go another way on another device; this model has none in the reference. */
  @Test
  void greedyTokensAreThoseOfTheReference() {
    float[][] reference = MODEL.reference();
    int[] start = MODEL.prompt();
    int[] greedy = MODEL.greedy();
    int compared = 0;
    try (Session session = session()) {
      int token = session.start(start);
      for (int i = 0; i < greedy.length && session.position() < CONTEXT; i++) {
        float[] row = reference[start.length - 1 + i];
        if (Logits.gap(row) > 2 * Logits.largestDifference(session.logits(), row)) {
          assertThat(token).as("greedy token %d", i).isEqualTo(greedy[i]);
          compared++;
        }
        if (token != greedy[i]) {
          break;
        }
        token = session.step();
      }
    }
    assertThat(compared).isGreaterThan(3);
  }

  /** A draw depends on seed, position and logits, and these are near those of the cpu. */
  @Test
  void sampledTokensAreThoseOfTheCpu() {
    try (GgufFile file = GgufFile.open(MODEL.gguf());
        Session cpu = DeviceUnderTest.CPU.open(DeviceUnderTest.CPU.plan(file, CONTEXT), file);
        Session session = session()) {
      for (long seed : new long[] {1, 2}) {
        Sampling sampling = Sampling.usual(seed);
        for (Session each : List.of(cpu, session)) {
          each.reset();
          each.sampling(sampling);
        }
        assertThat(stepwise(session, prompt, 8))
            .as("seed %d", seed)
            .isEqualTo(stepwise(cpu, prompt, 8));
      }
    }
  }

  @Test
  void stepConsumesWhatWasChosen() {
    try (Session stepped = session();
        Session fed = session()) {
      int first = stepped.start(prompt);
      assertThat(first).isEqualTo(Logits.argmax(stepped.logits()));
      assertThat(stepped.position()).as("chosen, not consumed").isEqualTo(prompt.length);
      int second = stepped.step();
      fed.prefill(prompt);
      fed.feed(first);
      assertThat(fed.logits()).containsExactly(stepped.logits());
      assertThat(second).isEqualTo(Logits.argmax(fed.logits()));
      assertThatThrownBy(fed::step).as("feed chooses nothing").hasMessageContaining("start");
      assertThat(fed.start(new int[] {second})).isEqualTo(stepped.step());
      stepped.feed(3);
      assertThatThrownBy(stepped::step).as("nothing is chosen any more").hasMessageContaining("s");
    }
  }

  @Test
  void generateSaysWhatStepsSay() {
    for (Sampling sampling : List.of(Sampling.greedy(), SPICY)) {
      try (Session generating = session();
          Session stepping = session()) {
        stepping.sampling(sampling);
        Generation all =
            generating.generate(prompt, upTo(GENERATED).withSampling(sampling), piece -> {});
        List<Integer> steps = stepwise(stepping, prompt, all.tokens().size());
        assertThat(all.tokens()).isEqualTo(steps);
        assertSame(generating, stepping);
      }
    }
  }

  /** They are at the same place and go on alike. */
  private static void assertSame(Session session, Session expected) {
    assertThat(session.position()).isEqualTo(expected.position());
    assertThat(session.logits()).containsExactly(expected.logits());
    assertThat(session.step()).isEqualTo(expected.step());
    session.feed(7);
    expected.feed(7);
    assertThat(session.logits()).containsExactly(expected.logits());
  }

  @Test
  void aStopTextEndsItWhereverTheDeviceIs() {
    try (Session session = session();
        Session stepping = session()) {
      session.sampling(SPICY);
      GenerateOptions options = upTo(GENERATED).withSampling(SPICY);
      String text = session.generate(prompt, options, piece -> {}).text();
      int at = text.length() / 2;
      String stop = text.substring(at, text.offsetByCodePoints(at, 1));
      List<String> pieces = new ArrayList<>();
      session.reset();
      Generation cut = session.generate(prompt, options.withStops(List.of(stop)), pieces::add);
      assertThat(cut.stop()).isEqualTo(StopReason.STOP_TEXT);
      assertThat(cut.text())
          .isEqualTo(text.substring(0, text.indexOf(stop)))
          .isEqualTo(String.join("", pieces));
      stepping.sampling(SPICY);
      stepwise(stepping, prompt, cut.tokens().size());
      assertSame(session, stepping);
    }
  }

  @Test
  void aListenerThatThrowsEndsTheGenerationOnly() {
    try (Session session = session();
        Session stepping = session()) {
      List<String> pieces = new ArrayList<>();
      assertThatThrownBy(() ->
              session.generate(
                  prompt,
                  upTo(GENERATED).withSampling(SPICY),
                  piece -> {
                    pieces.add(piece);
                    if (pieces.size() == 3) {
                      throw new IllegalStateException("enough");
                    }
                  }))
          .hasMessage("enough");
      stepping.sampling(SPICY);
      stepping.start(prompt);
      while (stepping.position() < session.position()) {
        stepping.step();
      }
      assertSame(session, stepping);
    }
  }

  @Test
  void anObserverSeesEveryDispatchAndChangesNothing() {
    List<Integer> seen = new ArrayList<>();
    try (Session session = session();
        Session watched =
            device.open(
                plan,
                model,
                (_, dispatch, written) -> {
                  assertThat(written).isNotEmpty().allMatch(bytes -> bytes.isReadOnly());
                  seen.add(dispatch);
                })) {
      for (int token : Arrays.copyOf(tokens, 2)) {
        session.feed(token);
        watched.feed(token);
      }
      assertThat(watched.logits()).containsExactly(session.logits());
      assertThat(seen).hasSize(2 * plan.decode().dispatches().size());
      Generation generation = watched.generate(prompt, upTo(3), piece -> {});
      assertThat(generation.tokens())
          .isEqualTo(session.generate(prompt, upTo(3), piece -> {}).tokens());
    }
  }

  @Test
  void itClosesInAnyState() {
    session().close();
    Session used = session();
    stepwise(used, prompt, 3);
    used.close();
    assertThatCode(used::close).doesNotThrowAnyException();
    for (Runnable call :
        List.<Runnable>of(
            used::step,
            used::logits,
            used::reset,
            used::position,
            () -> used.feed(1),
            () -> used.prefill(prompt),
            () -> used.sampling(SPICY),
            () -> used.generate(prompt, upTo(2), piece -> {}))) {
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the session is closed");
    }
    Session generating = session();
    assertThatThrownBy(() -> generating.generate(prompt, upTo(9), _ -> generating.close()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the session is closed");
    Session refusing = session();
    assertThatThrownBy(() -> refusing.feed(-1)).isInstanceOf(PlanException.class);
    refusing.close();
  }

  @Test
  void aModelThatWasClosedIsNoticed() {
    GgufFile closed = GgufFile.open(MODEL.gguf());
    try (Session session = device.open(plan, closed)) {
      session.prefill(prompt);
      closed.close();
      assertThatThrownBy(() -> session.feed(1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void sessionsDoNotDisturbEachOther() throws InterruptedException, ExecutionException {
    List<int[]> prompts = List.of(prompt, Arrays.copyOfRange(tokens, 5, 9));
    List<List<Integer>> alone = new ArrayList<>();
    for (int[] each : prompts) {
      try (Session session = session()) {
        alone.add(stepwise(session, each, 8));
      }
    }
    try (Session a = session();
        Session b = session()) {
      List<List<Integer>> turns = List.of(new ArrayList<>(), new ArrayList<>());
      turns.get(0).add(a.start(prompts.get(0)));
      turns.get(1).add(b.start(prompts.get(1)));
      for (int i = 1; i < 8; i++) {
        turns.get(0).add(a.step());
        turns.get(1).add(b.step());
      }
      assertThat(turns).isEqualTo(alone);
      a.reset();
      b.reset();
      try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
        List<Future<List<Integer>>> runs =
            Stream.of(
                    threads.submit(() -> generated(a, prompts.get(0))),
                    threads.submit(() -> generated(b, prompts.get(1))))
                .toList();
        for (int i = 0; i < 2; i++) {
          List<Integer> said = runs.get(i).get();
          assertThat(said).isEqualTo(alone.get(i).subList(0, said.size())).isNotEmpty();
        }
      }
    }
  }

  private static List<Integer> generated(Session session, int[] prompt) {
    return session.generate(prompt, upTo(8), piece -> {}).tokens();
  }
}
