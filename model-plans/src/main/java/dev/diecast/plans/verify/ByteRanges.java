package dev.diecast.plans.verify;

import java.util.Map;
import java.util.TreeMap;

/**
 * Disjoint byte ranges, each with an owner. A later owner takes bytes over from an earlier one, and
 * neighbours of one owner become one range, so that the work for n ranges stays O(n log n) however
 * they overlap.
 */
final class ByteRanges {
  static final int NONE = -1;

  private final TreeMap<Long, Span> spans = new TreeMap<>();

  private record Span(long to, int owner) {}

  /** Gives the bytes {@code from} (inclusive) to {@code to} (exclusive) to an owner. */
  void assign(long from, long to, int owner) {
    splitAt(from);
    splitAt(to);
    spans.subMap(from, to).clear();
    long start = from;
    long end = to;
    Map.Entry<Long, Span> before = spans.lowerEntry(from);
    if (before != null && before.getValue().to == from && before.getValue().owner == owner) {
      start = before.getKey();
    }
    Span after = spans.get(to);
    if (after != null && after.owner == owner) {
      spans.remove(to);
      end = after.to;
    }
    spans.put(start, new Span(end, owner));
  }

  /** The owner of a range that shares bytes with this one, or {@link #NONE}. */
  int overlapping(long from, long to) {
    Map.Entry<Long, Span> last = spans.lowerEntry(to);
    return last == null || last.getValue().to <= from ? NONE : last.getValue().owner;
  }

  /** The first byte of the range that nobody owns, or {@link #NONE}. */
  long firstGap(long from, long to) {
    long at = from;
    while (at < to) {
      Map.Entry<Long, Span> entry = spans.floorEntry(at);
      if (entry == null || entry.getValue().to <= at) {
        return at;
      }
      at = entry.getValue().to;
    }
    return NONE;
  }

  private void splitAt(long at) {
    Map.Entry<Long, Span> entry = spans.lowerEntry(at);
    if (entry != null && entry.getValue().to > at) {
      Span span = entry.getValue();
      spans.put(entry.getKey(), new Span(at, span.owner));
      spans.put(at, span);
    }
  }
}
