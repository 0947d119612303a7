package dev.diecast.replay.metal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Byte arrays packed behind each other: the constants of a plan and the arguments of its
 * dispatches, so that one buffer holds what would otherwise be copied for every dispatch of every
 * token.
 */
final class ByteLayout {
  // What any GPU family asks of offsets into constant memory.
  private static final long ALIGNMENT = 256;

  private final List<byte[]> contents = new ArrayList<>();
  private final List<Long> offsets = new ArrayList<>();
  private long bytes;

  /** Appends an array; returns where it will lie. */
  long add(byte[] array) {
    long offset = bytes;
    contents.add(array);
    offsets.add(offset);
    long aligned = Math.ceilDivExact(array.length, ALIGNMENT) * ALIGNMENT;
    bytes = Math.addExact(bytes, Math.max(aligned, ALIGNMENT));
    return offset;
  }

  /** How much memory all of them take, at least one alignment. */
  long bytes() {
    return Math.max(bytes, ALIGNMENT);
  }

  /** Copies all arrays to their places. */
  void write(MemorySegment into) {
    for (int i = 0; i < contents.size(); i++) {
      byte[] array = contents.get(i);
      MemorySegment.copy(array, 0, into, ValueLayout.JAVA_BYTE, offsets.get(i), array.length);
    }
  }
}
