package dev.diecast.replay;

import java.util.List;

/**
 * A generated text.
 *
 * @param tokens the tokens chosen, the one that ended the generation included
 * @param text what they say, as it was given to the sink
 * @param stop why it ended
 * @param timings how fast it was
 */
public record Generation(List<Integer> tokens, String text, StopReason stop, Timings timings) {
  /** A generation with its own copy of the tokens. */
  public Generation {
    tokens = List.copyOf(tokens);
  }

  /** Why a generation ended. */
  public enum StopReason {
    /** The model chose a token that ends an answer. */
    END_OF_GENERATION,
    /** The limit of tokens was reached. */
    MAX_TOKENS,
    /** A stop text came up. */
    STOP_TEXT,
    /** The KV cache has no room for another token. */
    CONTEXT_FULL
  }

  /**
   * How fast a generation was.
   *
   * @param promptTokens tokens of the prompt
   * @param prefillTokensPerSecond prompt tokens per second, until the first token was chosen
   * @param decodeTokensPerSecond tokens per second after the first; 0 when there was just one
   * @param firstTokenMillis from the start to the first token, tokenizing included
   * @param hostMicrosPerToken time per token after the first that was spent outside the device:
   *     decoding text, the sink, bookkeeping
   */
  public record Timings(
      int promptTokens,
      double prefillTokensPerSecond,
      double decodeTokensPerSecond,
      double firstTokenMillis,
      double hostMicrosPerToken) {}
}
