package dev.diecast.capture.cost;

import java.util.List;

/**
 * What one run of a program costs.
 *
 * @param profile the device
 * @param depth tokens in the KV cache before the run
 * @param tokens the most tokens that the run consumes
 * @param dispatches the cost of each dispatch, in order
 * @param stages groups of dispatches between two barriers
 * @param barriers waits between stages; the start of the program counts as none
 * @param predictedMicros the sum of the dispatches' predicted times
 * @param rooflineMicros what no plan for the same model beats: all weights and cache rows read once
 *     at full bandwidth, or all operations on the fastest units, whichever is longer
 */
public record ProgramCost(
    CostProfile profile,
    long depth,
    int tokens,
    List<DispatchCost> dispatches,
    int stages,
    long barriers,
    double predictedMicros,
    double rooflineMicros) {
  /** A cost with its own copy of the list. */
  public ProgramCost {
    dispatches = List.copyOf(dispatches);
  }

  /** Predicted microseconds per token when the run is full. */
  public double predictedMicrosPerToken() {
    return predictedMicros / tokens;
  }

  /** The bound in microseconds per token when the run is full. */
  public double rooflineMicrosPerToken() {
    return rooflineMicros / tokens;
  }

  /** Predicted tokens per second. */
  public double tokensPerSecond() {
    return perSecond(predictedMicrosPerToken());
  }

  /** The bound in tokens per second. */
  public double rooflineTokensPerSecond() {
    return perSecond(rooflineMicrosPerToken());
  }

  /** Predicted microseconds that go to launches and barriers. */
  public double overheadMicros() {
    return dispatches.stream().mapToDouble(DispatchCost::overheadMicros).sum();
  }

  private static double perSecond(double micros) {
    return micros > 0 ? 1e6 / micros : 0;
  }
}
