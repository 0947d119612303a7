package dev.diecast.tools.inspect;

import dev.diecast.capture.cost.DispatchCost;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.plans.Program;
import java.util.Locale;

/** Predictions in words. */
final class CostText {
  private CostText() {}

  /** What is assumed. */
  static String device(ProgramCost cost) {
    return String.format(
        Locale.ROOT,
        "predicted for %s (%s): %.0f GB/s, %d tokens in the KV cache",
        cost.profile().name(),
        cost.profile().description(),
        cost.profile().memoryBandwidth().value() / 1e9,
        cost.depth());
  }

  /** What a program takes. */
  static String program(Program program, ProgramCost cost) {
    return String.format(
        Locale.ROOT,
        "  %s: %s us/token, %.1f tok/s; %s of %s us/run are launches and barriers; roofline %s us/token, %.1f tok/s",
        Display.name(program.name()),
        Micros.text(cost.predictedMicrosPerToken()),
        cost.tokensPerSecond(),
        Micros.text(cost.overheadMicros()),
        Micros.text(cost.predictedMicros()),
        Micros.text(cost.rooflineMicrosPerToken()),
        cost.rooflineTokensPerSecond());
  }

  /** What a dispatch takes. */
  static String dispatch(DispatchCost cost) {
    return String.format(
        Locale.ROOT,
        "predicted %s us (launch %s), %s-bound, %.1f GB/s; roofline %s us",
        Micros.text(cost.predictedMicros()),
        Micros.text(cost.overheadMicros()),
        bound(cost),
        cost.gigabytesPerSecond(),
        Micros.text(cost.rooflineMicros()));
  }

  static String bound(DispatchCost cost) {
    return cost.bound().name().toLowerCase(Locale.ROOT);
  }
}
