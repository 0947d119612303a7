package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleTest implements NeedsClang {
  private static final int POSITION = 77;

  /** How the next token is chosen. */
  private record Choice(
      float temperature, int topK, float topP, float minP, float penalty, int window, long seed) {
    byte[] step(int active, int[] history) {
      StepBytes step =
          new StepBytes()
              .position(POSITION)
              .active(active)
              .put(StepBytes.EMIT, 1)
              .put(StepBytes.SEED, seed)
              .put(StepBytes.TEMPERATURE, temperature)
              .put(StepBytes.TOP_K, topK)
              .put(StepBytes.TOP_P, topP)
              .put(StepBytes.MIN_P, minP)
              .put(StepBytes.REPEAT_PENALTY, penalty)
              .put(StepBytes.REPEAT_WINDOW, window)
              .put(StepBytes.HISTORY_COUNT, history.length);
      for (int i = 0; i < history.length; i++) {
        step.put(StepBytes.HISTORY + 4 * (i % StepBytes.HISTORY_TOKENS), history[i]);
      }
      return step.bytes();
    }

    SampleReference reference(float[] logits, int active, int[] history, int[] tokens) {
      int[] all = Arrays.copyOf(history, history.length + active);
      System.arraycopy(tokens, 0, all, history.length, active);
      int covered = Math.min(all.length, Math.min(window, StepBytes.HISTORY_TOKENS));
      int[] recent = Arrays.copyOfRange(all, all.length - covered, all.length);
      double random = SampleReference.random(seed, POSITION + active - 1L);
      return new SampleReference(logits, recent, penalty, temperature, topK, topP, minP, random);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1000,3,0,0,1,0,1,0,1", // greedy
    "1000,3,0,0,1,0,1.4,64,1",
    "1,1,0.8,40,0.9,0.05,1.1,5,2",
    "3000,4,0.8,0,1,0,1,0,3", // from all
    "3000,4,1.5,40,1,0,1,0,4",
    "3000,4,0.7,0,0.95,0,1,0,5",
    "3000,4,1,0,1,0.05,1,0,6",
    "3000,4,0.9,40,0.95,0.05,1.1,64,7",
    "3000,0.1,1,0,0.9,0,1,0,8", // nearly flat: several batches
    "3000,0,1,2000,1,0,1,0,9", // flat: ties of the whole vocabulary
    "3000,0,1,1500,0.5,0.5,1,0,10",
    "2500,2,1,2500,0.3,0,1.2,300,11",
    "700,3,1,1,1,0,1,0,12",
    "700,3,1,0,0,0,1,0,13", // a mass of nothing keeps one
    "700,3,1,0,1,1,1,0,14",
    "700,3,2,900,0.999,0.0001,0.8,256,-15"
  })
  void choosesWhatTheReferenceChooses(
      int vocab,
      float spread,
      float temperature,
      int topK,
      float topP,
      float minP,
      float penalty,
      int window,
      long seed) {
    var choice = new Choice(temperature, topK, topP, minP, penalty, window, seed);
    float[] logits = logits(seed, vocab, spread);
    int[] history = history(vocab, 90);
    int[] tokens = {5 % vocab, 6 % vocab};
    var expected = choice.reference(logits, 2, history, tokens).token();
    assertThat(sampled(choice, logits, 2, history, tokens)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"151936,0.6,20,0.95,1.05", "32000,0.9,0,1,1", "32000,0.9,0,0.98,1"})
  void realVocabulariesDrawTheSameTokens(
      int vocab, float temperature, int topK, float topP, float penalty) {
    float[] logits = logits(21, vocab, 2.5f);
    var choice = new Choice(temperature, topK, topP, 0, penalty, 128, 3);
    int[] tokens = {3};
    int expected = choice.reference(logits, 1, new int[0], tokens).token();
    assertThat(sampled(choice, logits, 1, new int[0], tokens)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0", "0.8"})
  void nanIsNeverChosen(float temperature) {
    float[] logits = new float[70];
    Arrays.fill(logits, Float.NaN);
    var choice = new Choice(temperature, 5, 0.9f, 0.1f, 1, 0, 4);
    assertThat(sampled(choice, logits, 1, new int[0], new int[] {1})).isZero();
    logits[66] = Float.NEGATIVE_INFINITY;
    assertThat(sampled(choice, logits, 1, new int[0], new int[] {1})).isEqualTo(66);
    logits[33] = -4;
    assertThat(sampled(choice, logits, 1, new int[0], new int[] {1})).isEqualTo(33);
    logits[50] = Float.POSITIVE_INFINITY;
    assertThat(sampled(choice, logits, 1, new int[0], new int[] {1})).isEqualTo(50);
  }

  @ParameterizedTest
  @CsvSource({"3,0", "300,300", "300,299", "2,0", "300,0"})
  void keepsTheHistory(int room, int active) {
    int[] tokens = new int[room];
    Arrays.setAll(tokens, i -> 1000 + i);
    int[] history = history(999, 250);
    StepBytes before =
        new StepBytes(new Choice(0, 0, 1, 0, 1.3f, 64, 0).step(active, history))
            .put(StepBytes.EMIT, 0);
    float[] logits = logits(1, 10, 1);
    byte[] after = run(before.bytes(), logits, tokens).output("scratch", 80).run().get("step");
    StepBytes expected =
        new StepBytes(before.bytes()).put(StepBytes.HISTORY_COUNT, history.length + active);
    for (int i = 0; i < active; i++) {
      int slot = (history.length + i) % StepBytes.HISTORY_TOKENS;
      expected.put(StepBytes.HISTORY + 4 * slot, tokens[i]);
    }
    assertThat(after).isEqualTo(expected.bytes());
  }

  private static int sampled(
      Choice choice, float[] logits, int active, int[] history, int[] tokens) {
    byte[] step =
        run(choice.step(active, history), logits, tokens)
            .output("scratch", 8L * logits.length)
            .run()
            .get("step");
    return new StepBytes(step).get(StepBytes.SAMPLED);
  }

  private static KernelRun run(byte[] step, float[] logits, int[] tokens) {
    return KernelRun.of("sample")
        .args("n_tokens", tokens.length, "n_vocab", logits.length)
        .floats("logits", logits)
        .ints("tokens", tokens)
        .bytes("step", step);
  }

  private static float[] logits(long seed, int vocab, float spread) {
    float[] logits = Bytes.random(seed + 100, vocab);
    for (int i = 0; i < vocab; i++) {
      logits[i] *= spread;
    }
    return logits;
  }

  /** Tokens with repetitions. */
  private static int[] history(int vocab, int n) {
    int[] history = new int[n];
    Arrays.setAll(history, i -> i * i % 37 % vocab);
    return history;
  }
}
