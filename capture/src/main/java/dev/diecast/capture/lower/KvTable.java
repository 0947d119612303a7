package dev.diecast.capture.lower;

import dev.diecast.capture.graph.CacheRef;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where each layer's cache lies: float16, {@code capacity} rows, at multiples of {@link
 * #ALIGNMENT}. One buffer holds them all unless it would reach the size limit.
 */
final class KvTable {
  /** What every device wants of a buffer offset. */
  static final long ALIGNMENT = 256;

  /** Bytes of a cached element. */
  static final long ELEMENT = 2;

  private final Map<String, Span> spans = new HashMap<>();
  private final int capacity;

  private KvTable(int capacity) {
    this.capacity = capacity;
  }

  /** Places the caches and adds their buffers. */
  static KvTable of(List<CacheRef> caches, int capacity, BufferTable buffers, long limit) {
    KvTable table = new KvTable(capacity);
    long filled = 0;
    int made = 0;
    for (CacheRef cache : caches) {
      long bytes = Math.multiplyExact(Math.multiplyExact((long) capacity, cache.width()), ELEMENT);
      if (bytes > limit) {
        throw new PlanException(
            "KV cache '"
                + cache.name()
                + "' takes "
                + bytes
                + " bytes for a context of "
                + capacity
                + " tokens, more than one buffer's "
                + limit);
      }
      if (filled + bytes > limit) {
        add(buffers, made++, filled);
        filled = 0;
      }
      Span span = new Span(new Region.Fixed(buffers.next()), filled, bytes);
      if (table.spans.put(cache.name(), span) != null) {
        throw new PlanException("two KV caches are called '" + cache.name() + "'");
      }
      filled = ArenaPlanner.align(filled + bytes, ALIGNMENT);
    }
    if (filled > 0) {
      add(buffers, made, filled);
    }
    return table;
  }

  /** Tokens that each cache holds. */
  int capacity() {
    return capacity;
  }

  /** All rows of a cache. */
  Span span(CacheRef cache) {
    return Objects.requireNonNull(
        spans.get(cache.name()), () -> "graph does not list cache " + cache.name());
  }

  /** All rows, the last one just up to that many elements. */
  Span span(CacheRef cache, long elements) {
    Span all = span(cache);
    return new Span(all.region(), all.offset(), all.bytes() - (cache.width() - elements) * ELEMENT);
  }

  private static void add(BufferTable buffers, int number, long bytes) {
    buffers.add(new PlanBuffer.Kv(number == 0 ? "kv" : "kv." + number, bytes));
  }
}
