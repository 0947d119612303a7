package dev.diecast.tools.bench;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.Metadata;
import dev.diecast.plans.gguf.ModelSource;
import java.util.SplittableRandom;

/**
 * What a benchmark runs in every round.
 *
 * @param prompt tokens whose prefill is timed
 * @param tokens decode steps that are timed
 * @param depth tokens in the KV cache when the timed decode steps begin, if more than the prompt
 * @param repeat timed rounds; untimed ones come first, for three seconds and at least one
 */
public record Workload(int prompt, int tokens, int depth, int repeat) {
  private static final long SEED = 0x5eed;

  /** Refuses values outside their range with a {@link PlanException}. */
  public Workload {
    atLeast("prompt", prompt, 1);
    atLeast("tokens", tokens, 1);
    atLeast("depth", depth, 0);
    atLeast("repeat", repeat, 1);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new PlanException(
          "bench: %s is %d, it must be %d or more".formatted(name, value, least));
    }
  }

  /**
   * Refuses a context of so few tokens that a round does not fit, with a {@link PlanException} that
   * names the options.
   */
  public void requireContext(long held) {
    if (context() > held) {
      String filled = depth > prompt ? "--depth " + depth : "--prompt " + prompt;
      throw new PlanException(
          "bench: %s and --tokens %d need a context of %d tokens, it holds %d"
              .formatted(filled, tokens, context(), held));
    }
  }

  /**
   * The context to compile a model for; refused like {@link #requireContext} when the model was
   * made for a shorter one.
   */
  public long contextFor(ModelSource model) {
    Metadata metadata = model.metadata();
    String key = metadata.text("general.architecture") + ".context_length";
    requireContext(metadata.integer(key, Long.MAX_VALUE));
    return context();
  }

  /** KV rows that a round needs. */
  public long context() {
    return Math.max(prompt, depth) + (long) tokens + 1;
  }

  /** Random tokens, always the same. */
  static int[] tokens(int count, int vocab) {
    return new SplittableRandom(SEED).ints(count, 0, vocab).toArray();
  }
}
