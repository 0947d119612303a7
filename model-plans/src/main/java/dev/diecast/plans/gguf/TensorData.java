package dev.diecast.plans.gguf;

import java.lang.foreign.MemorySegment;

/** Where a writer gets the bytes of tensors from. Called from several threads at once. */
@FunctionalInterface
public interface TensorData {
  /**
   * Fills {@code to} with the bytes of a tensor from byte {@code from} on. Ranges of one tensor
   * start and end at whole blocks, and the same file is always asked for in the same ranges.
   */
  void fill(TensorInfo tensor, long from, MemorySegment to);
}
