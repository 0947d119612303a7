package dev.diecast.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SessionTest {
  private static final Sampling SPICY = new Sampling(1.2f, 30, 0.95f, 0.01f, 1.3f, 32, 7);

  @Test
  void prefillEqualsDecodeOnly() {
    for (int length : new int[] {1, 2, 7, 8, 9, 16, 23}) {
      int[] prompt = IntStream.range(0, length).map(i -> i * 5 % TinyPlan.VOCAB).toArray();
      try (Session chunks = session(40, 8, 2);
          Session single = session(40, 0, 2)) {
        chunks.prefill(prompt);
        for (int token : prompt) {
          single.feed(token);
        }
        assertThat(chunks.position()).isEqualTo(length).isEqualTo(single.position());
        assertThat(chunks.logits()).containsExactly(single.logits(), within(1e-5f));
        chunks.feed(3);
        single.feed(3);
        assertThat(chunks.logits()).containsExactly(single.logits(), within(1e-5f));
      }
    }
  }

  @Test
  void threadsChangeNothing() {
    List<Integer> first = tokens(1, SPICY);
    assertThat(first).hasSize(60);
    assertThat(first.stream().distinct().count()).isGreaterThan(10);
    for (int threads : new int[] {2, 3, 8}) {
      assertThat(tokens(threads, SPICY)).isEqualTo(first);
      assertThat(logits(threads)).containsExactly(logits(1));
    }
  }

  @Test
  void replayIsBitIdenticalAfterReset() {
    try (Session session = session(64, 8, 2)) {
      session.sampling(SPICY);
      List<Integer> once = run(session, 60);
      float[] logits = session.logits();
      session.reset();
      assertThat(session.position()).isZero();
      assertThat(run(session, 60)).isEqualTo(once);
      assertThat(session.logits()).containsExactly(logits);
    }
  }

  @Test
  void aTokenAllocatesNothing() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Session session = session(8192, 8, 3)) {
      session.sampling(SPICY);
      int token = session.start(new int[] {1, 2, 3});
      // Vector code allocates until it is compiled.
      for (int i = 0; i < 6000; i++) {
        token += session.step();
      }
      long[] ids = workerIds();
      assertThat(ids).hasSize(3);
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 10 && least > 0; round++) {
        long before = allocated(threads, ids);
        for (int i = 0; i < 150; i++) {
          token += session.step();
        }
        least = Math.min(least, allocated(threads, ids) - before);
      }
      assertThat(token).isNotZero();
      assertThat(least).as("bytes allocated over 150 tokens, all workers").isZero();
    }
  }

  @Test
  void theContextIsALimit() {
    try (Session session = session(10, 4, 2)) {
      assertThatThrownBy(() -> session.prefill(new int[11]))
          .isInstanceOf(PlanException.class)
          .hasMessage("the context holds 10 tokens: 0 are in use, 11 more do not fit");
      session.prefill(new int[9]);
      session.feed(1);
      assertThat(session.position()).isEqualTo(10);
      assertThatThrownBy(() -> session.feed(1)).hasMessageContaining("10 are in use, 1 more");
      session.reset();
      session.start(new int[10]);
      assertThatThrownBy(session::step).hasMessageContaining("do not fit");
    }
  }

  @Test
  void callsOutOfOrderAreRefused() {
    Session session = session(10, 4, 1);
    assertThatThrownBy(session::step).hasMessageContaining("start(tokens)");
    assertThatThrownBy(session::logits).hasMessageContaining("no logits");
    assertThatThrownBy(() -> session.prefill(new int[0])).hasMessage("the prompt is empty");
    assertThatThrownBy(() -> session.feed(TinyPlan.VOCAB)).hasMessageContaining("vocabulary of 64");
    assertThatThrownBy(() -> session.feed(-1)).hasMessageContaining("token -1");
    session.feed(0);
    assertThatThrownBy(session::step).as("feed emits nothing").hasMessageContaining("start");
    session.close();
    session.close();
    assertThatThrownBy(() -> session.feed(0)).hasMessage("the session is closed");
  }

  @Test
  void plansOfOtherModelsAndDevicesAreRefused() {
    Plan plan = TinyPlan.of(8, 0);
    SessionOptions options = SessionOptions.defaults();
    TinyModel other = new TinyModel("beef".repeat(16), List.of());
    assertThatThrownBy(() -> Session.open(plan, other, List.of(), options))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(
            "plan was compiled for another model: for 'tiny' (fingerprint feedfeedfeed)")
        .hasMessageContaining("tiny.gguf (fingerprint beefbeefbeef)");
    TinyModel longer = new TinyModel(TinyPlan.FINGERPRINT, List.of(5L));
    assertThatThrownBy(() -> Session.open(plan, longer, List.of(), options))
        .hasMessageContaining("those of tiny.gguf have [5]");
    Plan cuda =
        new Plan(
            "test",
            plan.model(),
            "cuda",
            plan.kernels(),
            plan.buffers(),
            plan.tensors(),
            plan.programs(),
            plan.tuning(),
            plan.passes());
    assertThatThrownBy(() -> Session.open(cuda, new TinyModel(), List.of(), options))
        .hasMessageContaining("compiled for the device 'cuda'; this version replays");
  }

  @Test
  void aDamagedPlanIsALocatedError() {
    Plan plan = TinyPlan.of(8, 0);
    ModelRef model = plan.model();
    Plan wide =
        new Plan(
            "test",
            new ModelRef("tiny", "tiny", TinyPlan.FINGERPRINT, 65, 1, 64, 8, "none", List.of()),
            "cpu",
            plan.kernels(),
            plan.buffers(),
            plan.tensors(),
            plan.programs(),
            plan.tuning(),
            plan.passes());
    assertThat(model.vocab()).isEqualTo(64);
    assertThatThrownBy(
            () -> Session.open(wide, new TinyModel(), List.of(), SessionOptions.defaults()))
        .hasMessageContaining("buffer logits: its size of 256 bytes is not 260");
  }

  @Test
  void generateStreamsAndStops() {
    try (Session session = session(200, 8, 2)) {
      List<String> pieces = new ArrayList<>();
      GenerateOptions options = GenerateOptions.defaults().withMaxTokens(20).withSampling(SPICY);
      Generation all = session.generate("ABC", options, pieces::add);
      assertThat(String.join("", pieces)).isEqualTo(all.text());
      assertThat(all.timings().promptTokens()).isEqualTo(3);
      assertThat(all.timings().decodeTokensPerSecond()).isPositive();
      assertThat(all.timings().hostMicrosPerToken()).isPositive();
      assertThat(all.stop())
          .isIn(Generation.StopReason.MAX_TOKENS, Generation.StopReason.END_OF_GENERATION);
      assertThat(session.generate("ABC", options, piece -> {}).text()).isEqualTo(all.text());

      String stop = all.text().substring(3, 5);
      pieces.clear();
      Generation cut = session.generate("ABC", options.withStops(List.of(stop, "zz")), pieces::add);
      assertThat(cut.stop()).isEqualTo(Generation.StopReason.STOP_TEXT);
      assertThat(cut.text()).isEqualTo(all.text().substring(0, all.text().indexOf(stop)));
      assertThat(String.join("", pieces)).isEqualTo(cut.text());
    }
  }

  @Test
  void generateSaysWhenTheContextIsFull() {
    try (Session session = session(6, 4, 2)) {
      // A penalty without end keeps the end token away only by chance; greedy never takes it here.
      Generation full = session.generate("ABCD", GenerateOptions.defaults(), piece -> {});
      assertThat(full.stop()).isEqualTo(Generation.StopReason.CONTEXT_FULL);
      assertThat(full.tokens()).hasSize(3);
      assertThatThrownBy(() -> session.generate("ABCDABC", GenerateOptions.defaults(), piece -> {}))
          .hasMessageContaining("holds 6 tokens: 0 are in use, 7 more do not fit");
      assertThatThrownBy(() -> session.generate("", GenerateOptions.defaults(), piece -> {}))
          .hasMessageContaining("prompt is empty");
    }
  }

  @Test
  void aWarmSessionIsAsNew() {
    Plan plan = TinyPlan.of(64, 8);
    SessionOptions options = SessionOptions.defaults().withThreads(2).withWarmUpMillis(50);
    try (Session warm = Session.open(plan, new TinyModel(), List.of(), options);
        Session cold = session(64, 8, 2)) {
      assertThat(warm.position()).isZero();
      warm.sampling(SPICY);
      cold.sampling(SPICY);
      assertThat(run(warm, 50)).isEqualTo(run(cold, 50));
    }
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(() -> SessionOptions.defaults().withThreads(0))
        .hasMessageContaining("threads is 0");
    assertThatThrownBy(() -> SessionOptions.defaults().withWarmUpMillis(-1))
        .hasMessageContaining("-1 ms");
    assertThatThrownBy(() -> new Sampling(-1, 0, 1, 0, 1, 0, 0))
        .hasMessageContaining("temperature");
    assertThatThrownBy(() -> new Sampling(Float.NaN, 0, 1, 0, 1, 0, 0))
        .hasMessageContaining("temperature is NaN, it must be 0 or more");
    assertThatThrownBy(() -> new Sampling(1, -1, 1, 0, 1, 0, 0)).hasMessageContaining("top-k");
    assertThatThrownBy(() -> new Sampling(1, 0, 1.5f, 0, 1, 0, 0)).hasMessageContaining("top-p");
    assertThatThrownBy(() -> new Sampling(1, 0, 1, -0.1f, 1, 0, 0)).hasMessageContaining("min-p");
    assertThatThrownBy(() -> new Sampling(1, 0, 1, 0, 0, 0, 0)).hasMessageContaining("penalty");
    assertThatThrownBy(() -> new Sampling(1, 0, 1, 0, 1, 257, 0)).hasMessageContaining("0 to 256");
    assertThatThrownBy(() -> GenerateOptions.defaults().withMaxTokens(0))
        .hasMessageContaining("it must be 1 or more");
  }

  private static Session session(int context, int prefill, int threads) {
    SessionOptions options = SessionOptions.defaults().withThreads(threads);
    return Session.open(TinyPlan.of(context, prefill), new TinyModel(), List.of(), options);
  }

  private static List<Integer> tokens(int threads, Sampling sampling) {
    try (Session session = session(64, 8, threads)) {
      session.sampling(sampling);
      return run(session, 60);
    }
  }

  private static float[] logits(int threads) {
    try (Session session = session(64, 8, threads)) {
      session.prefill(new int[41]);
      return session.logits();
    }
  }

  private static List<Integer> run(Session session, int count) {
    List<Integer> tokens = new ArrayList<>();
    tokens.add(session.start(new int[] {1, 2, 3}));
    while (tokens.size() < count) {
      tokens.add(session.step());
    }
    return tokens;
  }

  /** The calling thread and the workers. */
  private static long[] workerIds() {
    long self = Thread.currentThread().threadId();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.threadId() == self || t.getName().startsWith("diecast-cpu-"))
        .mapToLong(Thread::threadId)
        .toArray();
  }

  private static long allocated(com.sun.management.ThreadMXBean threads, long[] ids) {
    long sum = 0;
    for (long id : ids) {
      sum += threads.getThreadAllocatedBytes(id); // the form for arrays would allocate
    }
    return sum;
  }
}
