package dev.diecast.replay;

import dev.diecast.plans.PlanException;
import java.util.List;

/**
 * How a text is generated.
 *
 * @param maxTokens the most tokens to generate, at least 1
 * @param sampling how each is chosen
 * @param stops texts that end the generation; they are not part of its text
 * @param addSpecial adds the BOS token where the model wants one
 * @param parseSpecial reads texts of control tokens in the prompt as those tokens
 */
public record GenerateOptions(
    int maxTokens,
    Sampling sampling,
    List<String> stops,
    boolean addSpecial,
    boolean parseSpecial) {
  /** Refuses values outside their range with a {@link PlanException}. */
  public GenerateOptions {
    if (maxTokens < 1) {
      throw new PlanException(
          "the most tokens to generate is " + maxTokens + ", it must be 1 or more");
    }
    stops = List.copyOf(stops);
    if (stops.contains("")) {
      throw new PlanException("a stop text is empty");
    }
  }

  /** Up to 256 tokens, greedy, no stop texts, with BOS and control tokens. */
  public static GenerateOptions defaults() {
    return new GenerateOptions(256, Sampling.greedy(), List.of(), true, true);
  }

  /** The same with another limit. */
  public GenerateOptions withMaxTokens(int tokens) {
    return new GenerateOptions(tokens, sampling, stops, addSpecial, parseSpecial);
  }

  /** The same with another sampling. */
  public GenerateOptions withSampling(Sampling other) {
    return new GenerateOptions(maxTokens, other, stops, addSpecial, parseSpecial);
  }

  /** The same with other stop texts. */
  public GenerateOptions withStops(List<String> texts) {
    return new GenerateOptions(maxTokens, sampling, texts, addSpecial, parseSpecial);
  }
}
