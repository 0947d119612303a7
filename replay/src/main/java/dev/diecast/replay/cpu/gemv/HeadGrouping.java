package dev.diecast.replay.cpu.gemv;

/**
 * One matrix per head, shared by all tokens; a plain matrix is the case of a single head.
 *
 * @param w address of the first matrix
 * @param heads matrices
 * @param headBytes their distance
 * @param maxTokens most tokens of a run
 */
record HeadGrouping(long w, int heads, long headBytes, int maxTokens) implements Grouping {
  @Override
  public int maxPairs() {
    return maxTokens;
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
  public long matrix(int group, long scratch) {
    return w + group * headBytes;
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
