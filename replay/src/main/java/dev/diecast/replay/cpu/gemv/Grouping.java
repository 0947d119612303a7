package dev.diecast.replay.cpu.gemv;

/**
 * Which vectors meet which matrix. A group is one matrix with every (token, slot) pair that is
 * multiplied by it, so that the matrix is read once.
 */
sealed interface Grouping permits HeadGrouping, ExpertGrouping {
  /** Most pairs that one group can have. */
  int maxPairs();

  /** How many pairs a group has on average in a run of that many tokens, at least 1. */
  int averagePairs(int tokens);

  /** Bytes of worker scratch, a multiple of 64; the table lies where the scratch begins. */
  long scratchBytes();

  /** Groups of a run of that many tokens; some may turn out empty. */
  int groups(int tokens);

  /** Sorts the pairs of this run into groups. */
  void begin(int tokens, long scratch);

  /** Which matrix is a group's; anything when the group is empty. */
  int matrix(int group, long scratch);

  /** Pairs of a group; none when it is empty. */
  int pairs(int group, int tokens, long scratch);

  /** Token of a pair of a group. */
  int token(int group, int pair, long scratch);

  /** Slot of a pair of a group. */
  int slot(int group, int pair, long scratch);
}
