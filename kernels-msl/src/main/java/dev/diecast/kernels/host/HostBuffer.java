package dev.diecast.kernels.host;

import java.lang.foreign.MemorySegment;

/** What a kernel's argument is bound to. */
public sealed interface HostBuffer {

  /**
   * Memory that the kernel reads or writes in place.
   *
   * @param memory native memory, of exactly the bytes that the kernel may touch
   * @param undefined whether it holds nothing yet: in the checked mode a read before a write is a
   *     finding
   */
  record Memory(MemorySegment memory, boolean undefined) implements HostBuffer {
    /** Native memory: the heap of the virtual machine has no addresses. */
    public Memory {
      if (!memory.isNative()) {
        throw new IllegalArgumentException("a kernel's buffer is native memory");
      }
    }
  }

  /**
   * Threadgroup memory whose length the dispatch sets.
   *
   * @param bytes for each threadgroup
   */
  record Threadgroup(long bytes) implements HostBuffer {}

  /** Nothing: an argument that a function constant switches off. */
  record Absent() implements HostBuffer {}

  /** Memory that holds values. */
  static HostBuffer of(MemorySegment memory) {
    return new Memory(memory, false);
  }

  /** Memory for results, which holds nothing yet. */
  static HostBuffer undefined(MemorySegment memory) {
    return new Memory(memory, true);
  }
}
