package dev.diecast.replay.cpu.gemv;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;

/**
 * Four rows times four vectors with values in lanes: eight loads feed sixteen multiply-adds. Each
 * of the sixteen sums is a vector of partial sums.
 */
final class QuadProducts {
  /**
   * Values per row of a tile; whole blocks of every type. A tile and four stretches of vectors are
   * 24 KiB, which stay in a first-level cache of 32 or 48: a depth of 2048 was 15% slower.
   */
  static final int DEPTH = 512;

  /** Bytes from a row of a tile to the next. */
  static final long ROW_BYTES = 4L * DEPTH;

  private QuadProducts() {}

  /** Sets sixteen sums to zero. */
  static void clear(long c) {
    FloatVector zero = FloatVector.zero(Lanes.F);
    for (int i = 0; i < 16; i++) {
      zero.intoMemorySegment(Memory.ALL, c + (long) i * Lanes.BYTES, Memory.LE);
    }
  }

  /** Adds the products of four tile rows at w and four vectors to the sums at c. */
  static void add(long w, long x0, long x1, long x2, long x3, int depth, long c) {
    FloatVector c00 = FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c, Memory.LE);
    FloatVector c01 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + Lanes.BYTES, Memory.LE);
    FloatVector c02 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 2L * Lanes.BYTES, Memory.LE);
    FloatVector c03 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 3L * Lanes.BYTES, Memory.LE);
    FloatVector c10 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 4L * Lanes.BYTES, Memory.LE);
    FloatVector c11 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 5L * Lanes.BYTES, Memory.LE);
    FloatVector c12 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 6L * Lanes.BYTES, Memory.LE);
    FloatVector c13 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 7L * Lanes.BYTES, Memory.LE);
    FloatVector c20 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 8L * Lanes.BYTES, Memory.LE);
    FloatVector c21 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 9L * Lanes.BYTES, Memory.LE);
    FloatVector c22 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 10L * Lanes.BYTES, Memory.LE);
    FloatVector c23 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 11L * Lanes.BYTES, Memory.LE);
    FloatVector c30 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 12L * Lanes.BYTES, Memory.LE);
    FloatVector c31 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 13L * Lanes.BYTES, Memory.LE);
    FloatVector c32 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 14L * Lanes.BYTES, Memory.LE);
    FloatVector c33 =
        FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, c + 15L * Lanes.BYTES, Memory.LE);
    FloatVector zero = FloatVector.zero(Lanes.F);
    long end = w + 4L * depth;
    // Not a counted loop, which C2 would unroll until the sums no longer fit the registers.
    while (w != end) {
      FloatVector a0 = FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, x0, Memory.LE);
      FloatVector a1 = FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, x1, Memory.LE);
      FloatVector a2 = FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, x2, Memory.LE);
      FloatVector a3 = FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, x3, Memory.LE);
      FloatVector b = FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, w, Memory.LE);
      c00 = b.fma(a0, c00);
      c01 = b.fma(a1, c01);
      c02 = b.fma(a2, c02);
      c03 = b.fma(a3, c03);
      b = FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, w + ROW_BYTES, Memory.LE);
      c10 = b.fma(a0, c10);
      c11 = b.fma(a1, c11);
      c12 = b.fma(a2, c12);
      c13 = b.fma(a3, c13);
      b = FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, w + 2 * ROW_BYTES, Memory.LE);
      c20 = b.fma(a0, c20);
      c21 = b.fma(a1, c21);
      c22 = b.fma(a2, c22);
      c23 = b.fma(a3, c23);
      b = FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, w + 3 * ROW_BYTES, Memory.LE);
      c30 = b.fma(a0, c30);
      c31 = b.fma(a1, c31);
      c32 = b.fma(a2, c32);
      c33 = b.fma(a3, c33);
      w += Lanes.BYTES;
      x0 += Lanes.BYTES;
      x1 += Lanes.BYTES;
      x2 += Lanes.BYTES;
      x3 += Lanes.BYTES;
    }
    zero.add(c00).intoMemorySegment(Memory.ALL, c, Memory.LE);
    zero.add(c01).intoMemorySegment(Memory.ALL, c + Lanes.BYTES, Memory.LE);
    zero.add(c02).intoMemorySegment(Memory.ALL, c + 2L * Lanes.BYTES, Memory.LE);
    zero.add(c03).intoMemorySegment(Memory.ALL, c + 3L * Lanes.BYTES, Memory.LE);
    zero.add(c10).intoMemorySegment(Memory.ALL, c + 4L * Lanes.BYTES, Memory.LE);
    zero.add(c11).intoMemorySegment(Memory.ALL, c + 5L * Lanes.BYTES, Memory.LE);
    zero.add(c12).intoMemorySegment(Memory.ALL, c + 6L * Lanes.BYTES, Memory.LE);
    zero.add(c13).intoMemorySegment(Memory.ALL, c + 7L * Lanes.BYTES, Memory.LE);
    zero.add(c20).intoMemorySegment(Memory.ALL, c + 8L * Lanes.BYTES, Memory.LE);
    zero.add(c21).intoMemorySegment(Memory.ALL, c + 9L * Lanes.BYTES, Memory.LE);
    zero.add(c22).intoMemorySegment(Memory.ALL, c + 10L * Lanes.BYTES, Memory.LE);
    zero.add(c23).intoMemorySegment(Memory.ALL, c + 11L * Lanes.BYTES, Memory.LE);
    zero.add(c30).intoMemorySegment(Memory.ALL, c + 12L * Lanes.BYTES, Memory.LE);
    zero.add(c31).intoMemorySegment(Memory.ALL, c + 13L * Lanes.BYTES, Memory.LE);
    zero.add(c32).intoMemorySegment(Memory.ALL, c + 14L * Lanes.BYTES, Memory.LE);
    zero.add(c33).intoMemorySegment(Memory.ALL, c + 15L * Lanes.BYTES, Memory.LE);
  }
}
