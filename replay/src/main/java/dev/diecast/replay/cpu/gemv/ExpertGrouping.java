package dev.diecast.replay.cpu.gemv;

import static dev.diecast.replay.cpu.Memory.i32;

/**
 * One matrix per expert that some token chose. The pairs are sorted by expert with a counting sort
 * in the worker's scratch: {@code end[e]}, the first pair behind expert e; {@code used}, the chosen
 * experts ascending; {@code order}, the pairs by expert and then by token.
 *
 * @param kernel name for error messages
 * @param experts number of experts
 * @param ids address of the chosen ids, int32, {@code slots} per token
 * @param slots experts per token
 * @param maxTokens most tokens of a run
 * @param maxPairs their product, which the caller has checked to fit
 */
record ExpertGrouping(String kernel, int experts, long ids, int slots, int maxTokens, int maxPairs)
    implements Grouping {

  @Override
  public int averagePairs(int tokens) {
    return Math.max(1, tokens * slots / groups(tokens));
  }

  @Override
  public long scratchBytes() {
    return (4L * (experts + 2L * maxPairs()) + 63) / 64 * 64;
  }

  @Override
  public int groups(int tokens) {
    return Math.min(experts, tokens * slots);
  }

  @Override
  public void begin(int tokens, long scratch) {
    int pairs = tokens * slots;
    for (int e = 0; e < experts; e++) {
      i32(end(scratch, e), 0);
    }
    for (int p = 0; p < pairs; p++) {
      long count = end(scratch, expert(p));
      i32(count, i32(count) + 1);
    }
    int used = 0;
    int start = 0;
    for (int e = 0; e < experts; e++) {
      int count = i32(end(scratch, e));
      i32(end(scratch, e), start);
      start += count;
      if (count > 0) {
        i32(used(scratch, used++), e);
      }
    }
    for (int g = used; g < groups(tokens); g++) {
      i32(used(scratch, g), -1);
    }
    // Filling moves each start to its end.
    for (int p = 0; p < pairs; p++) {
      long cursor = end(scratch, expert(p));
      int at = i32(cursor);
      i32(order(scratch, at), p);
      i32(cursor, at + 1);
    }
  }

  @Override
  public int matrix(int group, long scratch) {
    return i32(used(scratch, group));
  }

  @Override
  public int pairs(int group, int tokens, long scratch) {
    int e = i32(used(scratch, group));
    return e < 0 ? 0 : i32(end(scratch, e)) - start(scratch, e);
  }

  @Override
  public int token(int group, int pair, long scratch) {
    return sorted(group, pair, scratch) / slots;
  }

  @Override
  public int slot(int group, int pair, long scratch) {
    return sorted(group, pair, scratch) % slots;
  }

  private int sorted(int group, int pair, long scratch) {
    int first = start(scratch, i32(used(scratch, group)));
    return i32(order(scratch, first + pair));
  }

  private int expert(int pair) {
    int id = i32(ids + 4L * pair);
    if (id < 0 || id >= experts) {
      throw new IllegalStateException(
          kernel
              + ": ids["
              + pair / slots
              + "]["
              + pair % slots
              + "] is "
              + id
              + ", but there are "
              + experts
              + " experts");
    }
    return id;
  }

  private static int start(long scratch, int e) {
    return e == 0 ? 0 : i32(end(scratch, e - 1));
  }

  private static long end(long scratch, int e) {
    return scratch + 4L * e;
  }

  private long used(long scratch, int group) {
    return scratch + 4L * (experts + group);
  }

  private long order(long scratch, int position) {
    return scratch + 4L * (experts + (long) maxPairs() + position);
  }
}
