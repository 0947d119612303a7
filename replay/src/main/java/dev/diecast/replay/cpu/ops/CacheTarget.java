package dev.diecast.replay.cpu.ops;

import dev.diecast.kernels.ArgReader;
import dev.diecast.replay.cpu.Bindings;

/**
 * The KV cache that a kernel appends to: one row of float16 values per position.
 *
 * @param base address of the row of position 0
 * @param row bytes from one row to the next
 * @param capacity rows
 */
record CacheTarget(long base, long row, int capacity) {
  /**
   * The cache in a slot, with argument {@code capacity}; refused when its rows would overlap.
   *
   * @param width values of a row
   * @param strideName argument that holds the values from one row to the next
   */
  static CacheTarget bind(Bindings bindings, String slot, int width, String strideName) {
    ArgReader args = bindings.args();
    int stride = args.i32(strideName);
    int capacity = args.i32("capacity");
    if (stride < width && capacity > 1) {
      throw new IllegalArgumentException(
          "cache rows of " + width + " values overlap at stride " + stride);
    }
    bindings.require(slot, Span.of(width).by(capacity, stride).bytes(Short.BYTES));
    return new CacheTarget(bindings.address(slot), 2L * stride, capacity);
  }

  /** Address of a position's row. */
  long at(long position) {
    return base + position * row;
  }
}
