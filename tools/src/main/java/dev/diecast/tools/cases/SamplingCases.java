package dev.diecast.tools.cases;

import static dev.diecast.plans.StepState.EMIT;
import static dev.diecast.plans.StepState.EMITTED;
import static dev.diecast.plans.StepState.HISTORY;
import static dev.diecast.plans.StepState.HISTORY_COUNT;
import static dev.diecast.plans.StepState.HISTORY_TOKENS;
import static dev.diecast.plans.StepState.MIN_P;
import static dev.diecast.plans.StepState.REPEAT_PENALTY;
import static dev.diecast.plans.StepState.REPEAT_WINDOW;
import static dev.diecast.plans.StepState.RING_TOKENS;
import static dev.diecast.plans.StepState.SAMPLED;
import static dev.diecast.plans.StepState.SEED;
import static dev.diecast.plans.StepState.TEMPERATURE;
import static dev.diecast.plans.StepState.TOP_K;
import static dev.diecast.plans.StepState.TOP_P;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The end of a step: the choice of a token, and the step state's advance. */
final class SamplingCases {
  private static final int VOCAB = 3001;

  private SamplingCases() {}

  static void addTo(Consumer<KernelCase> all) {
    all.accept(sample("greedy", VOCAB).build());
    all.accept(sample("no token wanted", VOCAB).state(EMIT, 0).build());
    all.accept(sample("greedy among one", 1).build());
    all.accept(sample("greedy, last of 5", 100).tokens(6, 5).build());
    all.accept(ties());
    all.accept(penalty("greedy with penalty", 1.4f, 64).build());
    all.accept(penalty("greedy with penalty over all", 1.1f, HISTORY_TOKENS).build());
    for (long seed : new long[] {1, 77, -5}) {
      all.accept(draw("temperature", seed).build());
      all.accept(draw("top k", seed).state(TOP_K, 40).build());
      all.accept(draw("top p", seed).state(TOP_P, 0.9f).build());
      all.accept(draw("min p", seed).state(MIN_P, 0.05f).build());
      all.accept(
          draw("top k, top p and min p", seed)
              .state(TOP_K, 100)
              .state(TOP_P, 0.8f)
              .state(MIN_P, 0.02f)
              .build());
    }
    all.accept(draw("temperature, last of 5", 77).state(TEMPERATURE, 5f).tokens(6, 5).build());
    all.accept(draw("top 1", 3).state(TOP_K, 1).build());
    all.accept(draw("top k beyond the vocabulary", 3).state(TOP_K, 5000).build());
    all.accept(sample("greedy of 160000", 160_000).timed().build());
    all.accept(draw("top k of 3001", 9).state(TOP_K, 40).state(TOP_P, 0.95f).timed().build());
    advance(all);
  }

  private static CaseBuilder sample(String name, int vocab) {
    return bound(name, vocab).content("logits", new Content.Floats(vocab, 0, 3));
  }

  private static CaseBuilder bound(String name, int vocab) {
    return CaseBuilder.of("sample", name + " of " + vocab)
        .ints("tokens", IntStream.range(0, 8).map(i -> (i * 13 + 1) % vocab))
        .results("scratch", 2L * vocab)
        .tokens(1, 1)
        .position(41)
        .state(EMIT, 1)
        .arg("n_vocab", vocab);
  }

  private static CaseBuilder draw(String name, long seed) {
    return sample("%s, seed %d,".formatted(name, seed), VOCAB)
        .state(TEMPERATURE, 0.8f)
        .state(SEED, seed);
  }

  private static CaseBuilder penalty(String name, float penalty, int window) {
    CaseBuilder builder =
        sample(name, VOCAB).state(REPEAT_PENALTY, penalty).state(REPEAT_WINDOW, window);
    for (int i = 0; i < HISTORY_TOKENS; i++) {
      builder.state(HISTORY + 4L * i, i * 11 % VOCAB);
    }
    return builder.state(HISTORY_COUNT, 1000);
  }

  /** The largest logit several times, and some that are no numbers. */
  private static KernelCase ties() {
    List<Float> logits = new ArrayList<>();
    for (int i = 0; i < VOCAB; i++) {
      logits.add(i % 7 == 3 ? Float.NaN : i % 700 == 699 ? 5f : (float) Math.sin(i));
    }
    return bound("greedy with ties", VOCAB)
        .content("logits", new Content.GivenFloats(logits))
        .build();
  }

  private static void advance(Consumer<KernelCase> all) {
    all.accept(advance("emits", 1, 1, 5).build());
    all.accept(advance("emits into the last place", 1, 1, 2L * RING_TOKENS - 1).build());
    all.accept(advance("emits beyond 2^32", 1, 1, (1L << 32) - 1).build());
    all.accept(advance("3 of 8 tokens", 8, 3, 5).state(EMIT, 0).build());
    all.accept(advance("nothing", 8, 0, 5).state(EMIT, 0).build());
  }

  private static CaseBuilder advance(String name, int tokens, int active, long emitted) {
    return CaseBuilder.of("advance", name)
        .intResults("ring", RING_TOKENS)
        .tokens(tokens, active)
        .position(17)
        .state(EMIT, 1)
        .state(EMITTED, emitted)
        .state(SAMPLED, 1234)
        .arg("ring_size", RING_TOKENS);
  }
}
