package dev.diecast.capture.lower;

import dev.diecast.plans.PlanBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Bytes that the plan carries: lists of float64, each stored once. */
final class ConstantTable {
  private static final long ALIGNMENT = 64;

  private final Map<List<Double>, Long> offsets;
  private final int buffer;

  private ConstantTable(Map<List<Double>, Long> offsets, int buffer) {
    this.offsets = offsets;
    this.buffer = buffer;
  }

  /** Adds a buffer with those lists, or none when there are no lists. */
  static ConstantTable of(List<List<Double>> lists, BufferTable buffers) {
    Map<List<Double>, Long> offsets = new LinkedHashMap<>();
    long end = 0;
    for (List<Double> list : lists) {
      if (!offsets.containsKey(list)) {
        offsets.put(list, end);
        end = ArenaPlanner.align(end + list.size() * 8L, ALIGNMENT);
      }
    }
    ConstantTable table = new ConstantTable(offsets, buffers.next());
    if (end > 0) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(end)).order(ByteOrder.LITTLE_ENDIAN);
      offsets.forEach((list, offset) -> {
        bytes.position(Math.toIntExact(offset));
        list.forEach(bytes::putDouble);
      });
      buffers.add(new PlanBuffer.Constants("constants", bytes.array()));
    }
    return table;
  }

  Span span(List<Double> list) {
    long offset = Objects.requireNonNull(offsets.get(list), "constant was not collected");
    return new Span(new Region.Fixed(buffer), offset, list.size() * 8L);
  }
}
