package dev.diecast.replay.cpu.gemv;

import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.ops.RmsNorm;

/**
 * The vectors that a dispatch multiplies: x itself, or its RMSNorm, which every worker computes for
 * itself before its first items of a run. That costs less than the barrier of a dispatch that
 * computes it once.
 *
 * @param x address of the first
 * @param tokenBytes distance of the tokens
 * @param slotBytes distance of a token's slots (heads or chosen experts); 0 when they share one
 * @param cols values of each
 * @param tokens the step's tokens
 * @param norm address of the norm's weights, or 0
 * @param eps the norm's epsilon
 * @param normed offset of the normed vectors in the scratch
 */
record Vectors(
    long x,
    long tokenBytes,
    long slotBytes,
    int cols,
    StepTokens tokens,
    long norm,
    float eps,
    long normed) {

  /** Vectors without a norm. */
  static Vectors plain(long x, long tokenBytes, long slotBytes, int cols, StepTokens tokens) {
    return new Vectors(x, tokenBytes, slotBytes, cols, tokens, 0, 0, 0);
  }

  /** The same with room for the norm, if there is one. */
  Vectors in(ScratchLayout layout) {
    if (norm == 0) {
      return this;
    }
    long room = layout.take(Math.multiplyExact(tokens.most(), normedBytes()));
    return new Vectors(x, tokenBytes, slotBytes, cols, tokens, norm, eps, room);
  }

  /** Computes the norms of this run. */
  void begin(long scratch) {
    if (norm == 0) {
      return;
    }
    int now = tokens.now();
    int first = tokens.first();
    for (int t = 0; t < now; t++) {
      RmsNorm.vector(x + (first + t) * tokenBytes, norm, at(t, 0, scratch), cols, eps);
    }
  }

  /** Address of the vector of a computed token and slot. */
  long at(int token, int slot, long scratch) {
    return norm == 0
        ? x + (tokens.first() + token) * tokenBytes + slot * slotBytes
        : scratch + normed + token * normedBytes();
  }

  /**
   * Writes the addresses of some pairs' vectors as {@link PrefillTile} wants them.
   *
   * @param table address of as many int64 as there are vectors, and three
   */
  void list(Grouping grouping, int group, int firstPair, int vectors, long table, long scratch) {
    for (int p = 0; p < (vectors + 3) / 4 * 4; p++) {
      int pair = firstPair + Math.min(p, vectors - 1);
      int token = grouping.token(group, pair, scratch);
      Memory.i64(table + 8L * p, at(token, grouping.slot(group, pair, scratch), scratch));
    }
  }

  private long normedBytes() {
    return ScratchLayout.aligned(4L * cols);
  }
}
