package dev.diecast.plans.tokenizer;

import java.util.Arrays;

/**
 * Merges neighbouring symbols, the best pair first and of equal ones the leftmost, until no pair is
 * left to merge. A linked list of symbols and a heap of pairs: {@code n log n} for {@code n}
 * symbols. A pair that a merge has outdated stays in the heap and is skipped when it surfaces.
 */
final class PairMerger {
  /** The priority of a pair that does not merge. */
  static final int NO_MERGE = Integer.MAX_VALUE;

  /** The symbols of one text, named by their position. */
  interface Symbols {
    /** The priority of merging two neighbours, lower first; {@link #NO_MERGE} when they do not. */
    int priority(int left, int right);

    /** Makes the left symbol stand for both. */
    void join(int left, int right);
  }

  private int[] previous = new int[0];
  private int[] next = new int[0];
  // The priority of each symbol with its right neighbour, as it stands now.
  private int[] current = new int[0];
  // A binary heap of priority (high half) and left symbol (low half).
  private long[] heap = new long[0];
  private int heapSize;

  /** Merges {@code count} symbols; {@link #next} then walks those that remain, from 0. */
  void merge(int count, Symbols symbols) {
    prepare(count);
    for (int left = 0; left + 1 < count; left++) {
      offer(left, symbols);
    }
    while (heapSize > 0) {
      long best = poll();
      int left = (int) best;
      if (current[left] == (int) (best >> 32)) {
        join(left, symbols);
      }
    }
  }

  /** The symbol after this one, or -1 at the end. */
  int next(int symbol) {
    return next[symbol];
  }

  private void join(int left, Symbols symbols) {
    int right = next[left];
    symbols.join(left, right);
    int after = next[right];
    next[left] = after;
    if (after >= 0) {
      previous[after] = left;
    }
    current[right] = NO_MERGE;
    if (previous[left] >= 0) {
      offer(previous[left], symbols);
    }
    offer(left, symbols);
  }

  private void offer(int left, Symbols symbols) {
    int right = next[left];
    int priority = right < 0 ? NO_MERGE : symbols.priority(left, right);
    current[left] = priority;
    if (priority != NO_MERGE) {
      push(((long) priority << 32) | left);
    }
  }

  private void prepare(int count) {
    if (next.length < count) {
      int capacity = Math.max(64, count);
      previous = new int[capacity];
      next = new int[capacity];
      current = new int[capacity];
    }
    for (int i = 0; i < count; i++) {
      previous[i] = i - 1;
      next[i] = i + 1 < count ? i + 1 : -1;
      current[i] = NO_MERGE;
    }
    heapSize = 0;
  }

  private void push(long entry) {
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, Math.max(64, Math.multiplyExact(heapSize, 2)));
    }
    int at = heapSize++;
    while (at > 0 && heap[(at - 1) >>> 1] > entry) {
      heap[at] = heap[(at - 1) >>> 1];
      at = (at - 1) >>> 1;
    }
    heap[at] = entry;
  }

  private long poll() {
    long top = heap[0];
    long last = heap[--heapSize];
    int at = 0;
    while (2 * at + 1 < heapSize) {
      int child = 2 * at + 1;
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= last) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
