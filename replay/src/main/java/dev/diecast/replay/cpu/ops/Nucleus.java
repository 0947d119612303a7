package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Memory;

/**
 * The tokens that top-k, top-p and min-p leave, in descending order of their logit (ties by
 * ascending id). A heap of k finds the top k in one pass; a second heap yields them one by one, and
 * only as many as top-p and min-p let through.
 */
final class Nucleus {
  private Nucleus() {}

  /**
   * Writes the kept tokens to {@code ids}, room for {@code vocab} int32; returns how many, at least
   * 1.
   */
  static int select(long scores, int vocab, int topK, float topP, float minP, float max, long ids) {
    int count = topK < vocab ? largest(scores, vocab, topK, ids) : all(vocab, ids);
    double total = topP < 1 ? mass(scores, ids, count, max) : Double.POSITIVE_INFINITY;
    double enough = topP < 1 ? topP * total : total;
    double least = minP > 0 ? max + Math.log(minP) : Double.NEGATIVE_INFINITY;
    for (int i = count / 2 - 1; i >= 0; i--) {
      siftDown(scores, ids, i, count, true);
    }
    // The heap shrinks from the end; what it yields grows there, in ascending places.
    double sum = 0;
    int kept = 0;
    for (int heap = count; heap > 0 && (kept == 0 || sum < enough); heap--) {
      int token = Memory.i32(ids);
      float score = rank(Memory.f32(scores + 4L * token));
      if (kept > 0 && (score < least || score == Float.NEGATIVE_INFINITY)) {
        break;
      }
      Memory.i32(ids, Memory.i32(ids + 4L * (heap - 1)));
      Memory.i32(ids + 4L * (heap - 1), token);
      siftDown(scores, ids, 0, heap - 1, true);
      sum += Math.exp((double) score - max);
      kept++;
    }
    toFront(ids, count, kept);
    return kept;
  }

  private static int all(int vocab, long ids) {
    for (int i = 0; i < vocab; i++) {
      Memory.i32(ids + 4L * i, i);
    }
    return vocab;
  }

  private static double mass(long scores, long ids, int count, float max) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.exp((double) rank(Memory.f32(scores + 4L * Memory.i32(ids + 4L * i))) - max);
    }
    return sum;
  }

  /** The k largest, as a heap with the least at its root. */
  private static int largest(long scores, int vocab, int k, long ids) {
    all(k, ids);
    for (int i = k / 2 - 1; i >= 0; i--) {
      siftDown(scores, ids, i, k, false);
    }
    int next = k;
    while (next < vocab) {
      next = nextAbove(scores, next, vocab, rank(Memory.f32(scores + 4L * Memory.i32(ids))));
      if (next < vocab) {
        Memory.i32(ids, next++);
        siftDown(scores, ids, 0, k, false);
      }
    }
    return k;
  }

  /** The first token from there on with a higher logit; equal ones have the higher id and lose. */
  private static int nextAbove(long scores, int from, int to, float least) {
    int i = from;
    while (i < to && !(Memory.f32(scores + 4L * i) > least)) {
      i++;
    }
    return i;
  }

  private static void siftDown(long scores, long heap, int from, int size, boolean largestFirst) {
    if (from >= size) {
      return;
    }
    int token = Memory.i32(heap + 4L * from);
    int at = from;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      int best = Memory.i32(heap + 4L * child);
      if (child + 1 < size) {
        int other = Memory.i32(heap + 4L * (child + 1));
        if (before(scores, other, best) == largestFirst) {
          best = other;
          child++;
        }
      }
      if (before(scores, token, best) == largestFirst) {
        break;
      }
      Memory.i32(heap + 4L * at, best);
      at = child;
    }
    Memory.i32(heap + 4L * at, token);
  }

  /** Whether token a comes before token b in descending order; a total order on distinct tokens. */
  private static boolean before(long scores, int a, int b) {
    float x = rank(Memory.f32(scores + 4L * a));
    float y = rank(Memory.f32(scores + 4L * b));
    return x > y || (x == y && a < b);
  }

  private static float rank(float score) {
    return Float.isNaN(score) ? Float.NEGATIVE_INFINITY : score;
  }

  /** Moves the yielded tokens, which lie at the end in reverse, to the front in order. */
  private static void toFront(long ids, int count, int kept) {
    for (int i = 0; i < Math.min(kept, count / 2); i++) {
      int swap = Memory.i32(ids + 4L * i);
      Memory.i32(ids + 4L * i, Memory.i32(ids + 4L * (count - 1 - i)));
      Memory.i32(ids + 4L * (count - 1 - i), swap);
    }
  }
}
