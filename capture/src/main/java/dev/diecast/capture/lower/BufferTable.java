package dev.diecast.capture.lower;

import dev.diecast.plans.PlanBuffer;
import java.util.ArrayList;
import java.util.List;

/** The plan's buffers, numbered as they are added. */
final class BufferTable {
  /** Ranges bind with 32-bit offsets on some devices, so no buffer reaches this size. */
  static final long LIMIT = (1L << 32) - (1L << 14);

  private final List<PlanBuffer> buffers = new ArrayList<>();

  /** Adds a buffer and returns its index. */
  int add(PlanBuffer buffer) {
    buffers.add(buffer);
    return buffers.size() - 1;
  }

  /** The index of the next buffer. */
  int next() {
    return buffers.size();
  }

  List<PlanBuffer> all() {
    return List.copyOf(buffers);
  }
}
