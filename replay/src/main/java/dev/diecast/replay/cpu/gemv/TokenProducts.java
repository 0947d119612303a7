package dev.diecast.replay.cpu.gemv;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Eight rows times 32 vectors with vectors in lanes, 512 bits wide: of each row a value is
 * broadcast, which feeds two multiply-adds. Nothing is left to be added up across lanes, and the
 * vectors, one value of all 32 after the other, come from the second-level cache as a single
 * stream. That is a third faster than {@link QuadProducts} where all 32 vectors are there.
 */
final class TokenProducts {
  /** Rows of a call. */
  static final int ROWS = 8;

  /** Vectors of a call. */
  static final int VECTORS = 32;

  /**
   * Values per row of a tile. It is read one value at a time, from the second-level cache as well
   * as from the first; 512 was 3% slower, as rows come from memory in longer stretches now.
   */
  static final int DEPTH = 2048;

  /** Bytes from a row of a tile to the next. */
  static final long ROW_BYTES = 4L * DEPTH;

  /** Bytes of one value of all vectors, and of the sums of a row. */
  static final long VALUE_BYTES = 4L * VECTORS;

  private static final VectorSpecies<Float> F = FloatVector.SPECIES_512;

  private TokenProducts() {}

  /** Sets the sums of {@link #ROWS} rows to zero. */
  static void clear(long c, long rowBytes) {
    FloatVector zero = FloatVector.zero(F);
    for (int r = 0; r < ROWS; r++) {
      zero.intoMemorySegment(Memory.ALL, c + r * rowBytes, Memory.LE);
      zero.intoMemorySegment(Memory.ALL, c + r * rowBytes + 64, Memory.LE);
    }
  }

  /**
   * Adds the products of eight tile rows at w and the vectors at x to the sums at c.
   *
   * @param x value k of all vectors at {@code x + k * VALUE_BYTES}
   * @param depth number of values
   * @param rowBytes distance of the sums of two rows
   */
  static void add(long w, long x, int depth, long c, long rowBytes) {
    FloatVector c00 = FloatVector.fromMemorySegment(F, Memory.ALL, c, Memory.LE);
    FloatVector c01 = FloatVector.fromMemorySegment(F, Memory.ALL, c + 64, Memory.LE);
    FloatVector c10 = FloatVector.fromMemorySegment(F, Memory.ALL, c + rowBytes, Memory.LE);
    FloatVector c11 = FloatVector.fromMemorySegment(F, Memory.ALL, c + rowBytes + 64, Memory.LE);
    FloatVector c20 = FloatVector.fromMemorySegment(F, Memory.ALL, c + 2 * rowBytes, Memory.LE);
    FloatVector c21 =
        FloatVector.fromMemorySegment(F, Memory.ALL, c + 2 * rowBytes + 64, Memory.LE);
    FloatVector c30 = FloatVector.fromMemorySegment(F, Memory.ALL, c + 3 * rowBytes, Memory.LE);
    FloatVector c31 =
        FloatVector.fromMemorySegment(F, Memory.ALL, c + 3 * rowBytes + 64, Memory.LE);
    FloatVector c40 = FloatVector.fromMemorySegment(F, Memory.ALL, c + 4 * rowBytes, Memory.LE);
    FloatVector c41 =
        FloatVector.fromMemorySegment(F, Memory.ALL, c + 4 * rowBytes + 64, Memory.LE);
    FloatVector c50 = FloatVector.fromMemorySegment(F, Memory.ALL, c + 5 * rowBytes, Memory.LE);
    FloatVector c51 =
        FloatVector.fromMemorySegment(F, Memory.ALL, c + 5 * rowBytes + 64, Memory.LE);
    FloatVector c60 = FloatVector.fromMemorySegment(F, Memory.ALL, c + 6 * rowBytes, Memory.LE);
    FloatVector c61 =
        FloatVector.fromMemorySegment(F, Memory.ALL, c + 6 * rowBytes + 64, Memory.LE);
    FloatVector c70 = FloatVector.fromMemorySegment(F, Memory.ALL, c + 7 * rowBytes, Memory.LE);
    FloatVector c71 =
        FloatVector.fromMemorySegment(F, Memory.ALL, c + 7 * rowBytes + 64, Memory.LE);
    FloatVector zero = FloatVector.zero(F);
    // Straight calls of the JDK, which C2 inlines by force: at this length it inlines no other.
    for (int k = 0; k < depth; k++) {
      long at = x + k * VALUE_BYTES;
      long row = w + 4L * k;
      FloatVector x0 = FloatVector.fromMemorySegment(F, Memory.ALL, at, Memory.LE);
      FloatVector x1 = FloatVector.fromMemorySegment(F, Memory.ALL, at + 64, Memory.LE);
      FloatVector b = FloatVector.broadcast(F, Memory.ALL.get(Memory.F32, row));
      c00 = x0.fma(b, c00);
      c01 = x1.fma(b, c01);
      b = FloatVector.broadcast(F, Memory.ALL.get(Memory.F32, row + ROW_BYTES));
      c10 = x0.fma(b, c10);
      c11 = x1.fma(b, c11);
      b = FloatVector.broadcast(F, Memory.ALL.get(Memory.F32, row + 2 * ROW_BYTES));
      c20 = x0.fma(b, c20);
      c21 = x1.fma(b, c21);
      b = FloatVector.broadcast(F, Memory.ALL.get(Memory.F32, row + 3 * ROW_BYTES));
      c30 = x0.fma(b, c30);
      c31 = x1.fma(b, c31);
      b = FloatVector.broadcast(F, Memory.ALL.get(Memory.F32, row + 4 * ROW_BYTES));
      c40 = x0.fma(b, c40);
      c41 = x1.fma(b, c41);
      b = FloatVector.broadcast(F, Memory.ALL.get(Memory.F32, row + 5 * ROW_BYTES));
      c50 = x0.fma(b, c50);
      c51 = x1.fma(b, c51);
      b = FloatVector.broadcast(F, Memory.ALL.get(Memory.F32, row + 6 * ROW_BYTES));
      c60 = x0.fma(b, c60);
      c61 = x1.fma(b, c61);
      b = FloatVector.broadcast(F, Memory.ALL.get(Memory.F32, row + 7 * ROW_BYTES));
      c70 = x0.fma(b, c70);
      c71 = x1.fma(b, c71);
    }
    zero.add(c00).intoMemorySegment(Memory.ALL, c, Memory.LE);
    zero.add(c01).intoMemorySegment(Memory.ALL, c + 64, Memory.LE);
    zero.add(c10).intoMemorySegment(Memory.ALL, c + rowBytes, Memory.LE);
    zero.add(c11).intoMemorySegment(Memory.ALL, c + rowBytes + 64, Memory.LE);
    zero.add(c20).intoMemorySegment(Memory.ALL, c + 2 * rowBytes, Memory.LE);
    zero.add(c21).intoMemorySegment(Memory.ALL, c + 2 * rowBytes + 64, Memory.LE);
    zero.add(c30).intoMemorySegment(Memory.ALL, c + 3 * rowBytes, Memory.LE);
    zero.add(c31).intoMemorySegment(Memory.ALL, c + 3 * rowBytes + 64, Memory.LE);
    zero.add(c40).intoMemorySegment(Memory.ALL, c + 4 * rowBytes, Memory.LE);
    zero.add(c41).intoMemorySegment(Memory.ALL, c + 4 * rowBytes + 64, Memory.LE);
    zero.add(c50).intoMemorySegment(Memory.ALL, c + 5 * rowBytes, Memory.LE);
    zero.add(c51).intoMemorySegment(Memory.ALL, c + 5 * rowBytes + 64, Memory.LE);
    zero.add(c60).intoMemorySegment(Memory.ALL, c + 6 * rowBytes, Memory.LE);
    zero.add(c61).intoMemorySegment(Memory.ALL, c + 6 * rowBytes + 64, Memory.LE);
    zero.add(c70).intoMemorySegment(Memory.ALL, c + 7 * rowBytes, Memory.LE);
    zero.add(c71).intoMemorySegment(Memory.ALL, c + 7 * rowBytes + 64, Memory.LE);
  }
}
