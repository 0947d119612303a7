package dev.diecast.replay;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.StepState;

/**
 * How a token is chosen from the logits. In this order: repetition penalty, top-k, top-p, min-p,
 * temperature; then a draw that depends on seed and position only.
 *
 * @param temperature divides the logits; 0 takes the likeliest token
 * @param topK keeps the k likeliest tokens; 0 keeps all
 * @param topP keeps the likeliest tokens that together reach this probability; 1 keeps all
 * @param minP drops tokens less likely than this share of the likeliest; 0 keeps all
 * @param repeatPenalty divides positive and multiplies negative logits of recent tokens; 1 is off
 * @param repeatWindow how many recent tokens the penalty covers, at most {@link
 *     StepState#HISTORY_TOKENS}
 * @param seed of the random numbers
 */
public record Sampling(
    float temperature,
    int topK,
    float topP,
    float minP,
    float repeatPenalty,
    int repeatWindow,
    long seed) {
  /** Refuses values outside their range with a {@link PlanException}. */
  public Sampling {
    check(temperature >= 0 && Float.isFinite(temperature), "temperature", temperature, "0 or more");
    check(topK >= 0, "top-k", topK, "0 or more");
    check(topP >= 0 && topP <= 1, "top-p", topP, "0 to 1");
    check(minP >= 0 && minP <= 1, "min-p", minP, "0 to 1");
    check(
        repeatPenalty > 0 && Float.isFinite(repeatPenalty),
        "repeat penalty",
        repeatPenalty,
        "more than 0");
    check(
        repeatWindow >= 0 && repeatWindow <= StepState.HISTORY_TOKENS,
        "repeat window",
        repeatWindow,
        "0 to " + StepState.HISTORY_TOKENS);
  }

  /** The likeliest token every time. */
  public static Sampling greedy() {
    return new Sampling(0, 0, 1, 0, 1, 0, 0);
  }

  /** Usual values: temperature 0.8, top-k 40, top-p 0.95, min-p 0.05, no penalty. */
  public static Sampling usual(long seed) {
    return new Sampling(0.8f, 40, 0.95f, 0.05f, 1, 64, seed);
  }

  private static void check(boolean fits, String name, Number value, String range) {
    if (!fits) {
      throw new PlanException("sampling: " + name + " is " + value + ", it must be " + range);
    }
  }
}
