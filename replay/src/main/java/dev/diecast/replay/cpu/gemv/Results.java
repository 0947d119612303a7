package dev.diecast.replay.cpu.gemv;

import dev.diecast.replay.cpu.Memory;

/**
 * Where the results of a product go and what is added to them.
 *
 * @param y address of the first
 * @param tokenBytes distance of the tokens
 * @param slotBytes distance of a token's slots
 * @param bias address of one value per row, or 0
 * @param residual address of a vector per token, or 0; may be y
 * @param residualBytes distance of its tokens
 * @param tokens the step's tokens
 */
record Results(
    long y,
    long tokenBytes,
    long slotBytes,
    long bias,
    long residual,
    long residualBytes,
    StepTokens tokens) {

  /** Results to which nothing is added. */
  static Results plain(long y, long tokenBytes, long slotBytes, StepTokens tokens) {
    return new Results(y, tokenBytes, slotBytes, 0, 0, 0, tokens);
  }

  /** Address of the result of a computed token and slot. */
  long at(int token, int slot) {
    return y + token * tokenBytes + slot * slotBytes;
  }

  /**
   * Writes member m of the quads {@code from} to {@code to}, for one token and slot.
   *
   * @param sums address of the first quad's sum
   * @param sumStride bytes to the next quad's
   */
  void write(
      Matrix matrix, int from, int to, int member, long sums, long sumStride, int token, int slot) {
    long out = at(token, slot);
    long base = residual == 0 ? 0 : residual + (tokens.first() + token) * residualBytes;
    int first = matrix.row(from, member);
    int n = Math.min(to - from, matrix.rows() - first);
    for (int i = 0; i < n; i++) {
      long at = 4L * (first + i);
      float value = Memory.f32(sums + i * sumStride);
      if (bias != 0) {
        value += Memory.f32(bias + at);
      }
      if (base != 0) {
        value += Memory.f32(base + at);
      }
      Memory.f32(out + at, value);
    }
  }
}
