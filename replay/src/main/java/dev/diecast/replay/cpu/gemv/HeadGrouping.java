package dev.diecast.replay.cpu.gemv;

/**
 * One matrix per head, shared by all tokens; a plain matrix is the case of a single head.
 *
 * @param heads matrices
 * @param maxTokens most tokens of a run
 */
record HeadGrouping(int heads, int maxTokens) implements Grouping {
  @Override
  public int maxPairs() {
    return maxTokens;
  }

  @Override
  public int averagePairs(int tokens) {
    return tokens;
  }

  @Override
  public long scratchBytes() {
    return 0;
  }

  @Override
  public int groups(int tokens) {
    return heads;
  }

  @Override
  public void begin(int tokens, long scratch) {}

  @Override
  public int matrix(int group, long scratch) {
    return group;
  }

  @Override
  public int pairs(int group, int tokens, long scratch) {
    return tokens;
  }

  @Override
  public int token(int group, int pair, long scratch) {
    return pair;
  }

  @Override
  public int slot(int group, int pair, long scratch) {
    return group;
  }
}
