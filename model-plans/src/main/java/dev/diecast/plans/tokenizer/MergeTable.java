package dev.diecast.plans.tokenizer;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.Metadata;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The merges of a byte-level BPE: which two symbols become one, best rank first. A symbol is a text
 * in the {@link ByteAlphabet}. Texts of the vocabulary have their token id as symbol; the merges
 * may name others on their way, which get symbols past the vocabulary.
 */
final class MergeTable {
  private static final String MERGES = "tokenizer.ggml.merges";
  private static final long EMPTY = -1;

  private final Vocabulary vocabulary;
  private final Map<String, Integer> extra = new HashMap<>();
  private final int[] byteSymbols = new int[256];

  // Open addressing: pair of symbols -> slot; a slot has the rank and the merged symbol. The
  // multiplier differs from run to run, so that no file can be made to collide.
  private final long multiplier = ThreadLocalRandom.current().nextLong() | 1;
  private final int shift;
  private final long[] pairs;
  private final int[] ranks;
  private final int[] merged;

  MergeTable(Metadata metadata, Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    List<String> merges = Vocabulary.texts(metadata, MERGES);
    int capacity = Integer.highestOneBit(Math.max(16, Math.multiplyExact(merges.size(), 2))) << 1;
    shift = Long.SIZE - Integer.numberOfTrailingZeros(capacity);
    pairs = new long[capacity];
    Arrays.fill(pairs, EMPTY);
    ranks = new int[capacity];
    merged = new int[capacity];
    for (int b = 0; b < 256; b++) {
      byteSymbols[b] = symbol(String.valueOf(ByteAlphabet.toChar(b)));
    }
    for (int rank = 0; rank < merges.size(); rank++) {
      add(merges.get(rank), rank, metadata);
    }
  }

  /** The symbol of a byte (0..255). */
  int byteSymbol(int b) {
    return byteSymbols[b];
  }

  /** The slot of a pair of symbols, or -1 when they do not merge. */
  int find(int left, int right) {
    int slot = slot(pair(left, right));
    return pairs[slot] == EMPTY ? -1 : slot;
  }

  /** The rank of the merge in a slot; lower merges first. */
  int rank(int slot) {
    return ranks[slot];
  }

  /** What the merge in a slot makes. */
  int merged(int slot) {
    return merged[slot];
  }

  private void add(String merge, int rank, Metadata metadata) {
    int space = merge.indexOf(' ', 1);
    if (space < 0 || space == merge.length() - 1) {
      throw new PlanException(
          metadata.at(MERGES) + ": merge " + rank + " is not two texts with a space between them");
    }
    String left = merge.substring(0, space);
    String right = merge.substring(space + 1);
    long pair = pair(symbol(left), symbol(right));
    int slot = slot(pair);
    if (pairs[slot] == EMPTY) {
      pairs[slot] = pair;
      ranks[slot] = rank;
      merged[slot] = symbol(left + right);
    }
  }

  private int symbol(String text) {
    int id = vocabulary.find(text);
    return id >= 0 ? id : extra.computeIfAbsent(text, t -> vocabulary.size() + extra.size());
  }

  private int slot(long pair) {
    int mask = pairs.length - 1;
    int slot = (int) ((pair * multiplier) >>> shift);
    while (pairs[slot] != EMPTY && pairs[slot] != pair) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static long pair(int left, int right) {
    return ((long) left << 32) | right;
  }
}
