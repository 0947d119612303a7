package dev.diecast.tools.inspect.flow;

import java.util.Map;
import java.util.TreeMap;

/** Who wrote which bytes of a buffer last. Ends are exclusive. */
final class WrittenRanges {
  private final TreeMap<Long, Span> spans = new TreeMap<>();

  private record Span(long to, int writer) {}

  /** Takes the part of a written range that lies in the bytes asked for. */
  interface Visitor {
    void part(int writer, long from, long to);
  }

  void write(int writer, long from, long to) {
    splitAt(from);
    splitAt(to);
    spans.subMap(from, to).clear();
    spans.put(from, new Span(to, writer));
  }

  void visit(long from, long to, Visitor visitor) {
    Long first = spans.floorKey(from);
    for (Map.Entry<Long, Span> entry :
        spans.subMap(first == null ? from : first, true, to, false).entrySet()) {
      long start = Math.max(from, entry.getKey());
      long end = Math.min(to, entry.getValue().to);
      if (start < end) {
        visitor.part(entry.getValue().writer, start, end);
      }
    }
  }

  private void splitAt(long at) {
    Map.Entry<Long, Span> entry = spans.lowerEntry(at);
    if (entry != null && entry.getValue().to > at) {
      Span span = entry.getValue();
      spans.put(entry.getKey(), new Span(at, span.writer));
      spans.put(at, span);
    }
  }
}
