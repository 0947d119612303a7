package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Bindings;

/**
 * The rotation of a step's tokens, as a part of kernels that do more.
 *
 * @param angles address of cos and sin of each pair, by token
 * @param pairs how many
 * @param neox whether the values of a pair lie apart
 */
record Turn(long angles, int pairs, boolean neox) {
  /**
   * Slot {@code angles} and arguments {@code n_rot} and {@code neox}.
   *
   * @param width values of a head, of which the first n_rot are rotated
   */
  static Turn bind(Bindings bindings, Step step, int width) {
    int pairs = Rope.pairs(bindings.args().i32("n_rot"));
    if (2 * pairs > width) {
      throw new IllegalArgumentException(
          "n_rot " + 2 * pairs + " exceeds the head's " + width + " values");
    }
    bindings.require("angles", Span.of(2L * pairs).by(step.tokens(), 2 * pairs).floats());
    return new Turn(bindings.address("angles"), pairs, bindings.args().i32("neox") == 1);
  }

  /** One head of token t; y may be x. */
  void head(long x, long t, long y, int width) {
    Rope.head(x, angles + 8L * pairs * t, y, pairs, width, neox);
  }
}
