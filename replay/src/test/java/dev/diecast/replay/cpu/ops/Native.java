package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Off-heap test data. */
final class Native {
  private final Arena arena;

  Native(Arena arena) {
    this.arena = arena;
  }

  MemorySegment bytes(long count) {
    return arena.allocate(count, 64);
  }

  MemorySegment floats(int count) {
    return bytes(4L * count);
  }

  MemorySegment floats(float... values) {
    MemorySegment segment = floats(values.length);
    MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT, 0, values.length);
    return segment;
  }

  MemorySegment ints(int... values) {
    MemorySegment segment = bytes(4L * values.length);
    MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_INT, 0, values.length);
    return segment;
  }

  /** Normally distributed values. */
  MemorySegment normal(int count, double spread, Random random) {
    MemorySegment segment = floats(count);
    for (int i = 0; i < count; i++) {
      Memory.f32(segment.address() + 4L * i, (float) (random.nextGaussian() * spread));
    }
    return segment;
  }

  MemorySegment normalHalves(int count, double spread, Random random) {
    MemorySegment segment = bytes(2L * count);
    for (int i = 0; i < count; i++) {
      short half = Float.floatToFloat16((float) (random.nextGaussian() * spread));
      Memory.i16(segment.address() + 2L * i, half);
    }
    return segment;
  }

  static float at(MemorySegment floats, long index) {
    return floats.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  static int intAt(MemorySegment ints, long index) {
    return ints.getAtIndex(ValueLayout.JAVA_INT, index);
  }

  static float halfAt(MemorySegment halves, long index) {
    return Memory.f16(halves.address() + 2 * index);
  }
}
