package dev.diecast.plans.verify;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;

/** Byte-range arithmetic that cannot overflow. */
final class Ranges {
  private Ranges() {}

  /** Whether {@code offset .. offset + bytes} lies in {@code 0 .. total} and is not empty. */
  static boolean inside(long offset, long bytes, long total) {
    return offset >= 0 && bytes > 0 && bytes <= total && offset <= total - bytes;
  }

  /** Whether a binding names a buffer and a range in it; the other checks pass over those. */
  static boolean holds(Plan plan, Dispatch.Binding binding) {
    return binding.buffer() >= 0
        && binding.buffer() < plan.buffers().size()
        && inside(binding.offset(), binding.bytes(), plan.buffers().get(binding.buffer()).bytes());
  }

  /** Whether two valid ranges share a byte. */
  static boolean overlap(long offsetA, long bytesA, long offsetB, long bytesB) {
    return offsetA < offsetB + bytesB && offsetB < offsetA + bytesA;
  }
}
