package dev.diecast.replay.cpu.gemv;

import static dev.diecast.replay.cpu.Memory.i64;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Room in a worker's scratch for vectors in the order that {@link TokenProducts} reads: 32 vectors
 * at a time, one value of all of them after the other. Missing ones are copies of the last. They
 * are transposed when a run first needs them; their addresses, kept beside, tell which are there. A
 * 0 ends the addresses, lest a longer list find its rest in what an earlier one left behind.
 *
 * @param most vectors at a time
 * @param tags offset of the number of values, of the addresses of the vectors and of the 0, int64
 * @param corner offset of 16 values of 4 vectors on their way
 * @param values offset of the transposed vectors
 */
record TransposedVectors(int most, long tags, long corner, long values) {
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_512;
  private static final int GROUP = TokenProducts.VECTORS;

  /** Lanes 0 and 1 of each 128 bits of two vectors, alternating; then lanes 2 and 3. */
  private static final IntVector LOW_PAIRS = lanes(0, 16, 1, 17);

  private static final IntVector HIGH_PAIRS = LOW_PAIRS.add(2);

  /** The first halves of each 128 bits of two vectors; then the second halves. */
  private static final IntVector LOW_HALVES = lanes(0, 1, 16, 17);

  private static final IntVector HIGH_HALVES = LOW_HALVES.add(2);

  /** Room for {@code vectors} of {@code cols} values; none where too few ever come together. */
  static TransposedVectors in(ScratchLayout layout, int vectors, int cols) {
    if (!everNeeded(vectors)) {
      return new TransposedVectors(0, 0, 0, 0);
    }
    int groups = (vectors + GROUP - 1) / GROUP;
    long tags = layout.take(8L * (vectors + 2));
    long values = layout.take(Math.multiplyExact(groups * TokenProducts.VALUE_BYTES, cols));
    return new TransposedVectors(vectors, tags, layout.take(256), values);
  }

  private static boolean everNeeded(int vectors) {
    for (int count = 2; count <= vectors; count++) {
      if (PrefillTile.byToken(count)) {
        return true;
      }
    }
    return false;
  }

  /** Forgets the vectors of the run before. */
  void begin(long scratch) {
    if (most > 0) {
      i64(scratch + tags, 0);
    }
  }

  /**
   * Address of the transposed vectors.
   *
   * @param table addresses of the vectors, int64
   * @param cols values of each, a multiple of 16
   */
  long of(long table, int vectors, int cols, long scratch) {
    if (!areThere(table, vectors, cols, scratch)) {
      for (int v = 0; v < vectors; v += GROUP) {
        transposeGroup(table, v, vectors, cols, scratch + corner, scratch + values + 4L * v * cols);
      }
      i64(scratch + tags, cols);
      for (int v = 0; v < vectors; v++) {
        i64(scratch + tags + 8L * (v + 1), i64(table + 8L * v));
      }
      i64(scratch + tags + 8L * (vectors + 1), 0);
    }
    return scratch + values;
  }

  private boolean areThere(long table, int vectors, int cols, long scratch) {
    long at = scratch + tags;
    if (i64(at) != cols) {
      return false;
    }
    for (int v = 0; v < vectors; v++) {
      if (i64(at + 8L * (v + 1)) != i64(table + 8L * v)) {
        return false;
      }
    }
    return true;
  }

  private static void transposeGroup(
      long table, int first, int vectors, int cols, long corner, long out) {
    for (int v = 0; v < GROUP; v += 4) {
      long a = i64(table + 8L * Math.min(vectors - 1, first + v));
      long b = i64(table + 8L * Math.min(vectors - 1, first + v + 1));
      long c = i64(table + 8L * Math.min(vectors - 1, first + v + 2));
      long d = i64(table + 8L * Math.min(vectors - 1, first + v + 3));
      for (int k = 0; k < cols; k += 16) {
        transpose(a + 4L * k, b + 4L * k, c + 4L * k, d + 4L * k, corner);
        spread(corner, out + k * TokenProducts.VALUE_BYTES + 4L * v);
      }
    }
  }

  /**
   * Sixteen values of four vectors: afterwards the four values of one k lie together. Those of k
   * lie at 64 * (k % 4) + 16 * (k / 4), since the permutes stay within 128 bits.
   */
  private static void transpose(long a, long b, long c, long d, long out) {
    IntVector va = IntVector.fromMemorySegment(I, Memory.ALL, a, Memory.LE);
    IntVector vb = IntVector.fromMemorySegment(I, Memory.ALL, b, Memory.LE);
    IntVector vc = IntVector.fromMemorySegment(I, Memory.ALL, c, Memory.LE);
    IntVector vd = IntVector.fromMemorySegment(I, Memory.ALL, d, Memory.LE);
    IntVector ab01 = LOW_PAIRS.selectFrom(va, vb);
    IntVector ab23 = HIGH_PAIRS.selectFrom(va, vb);
    IntVector cd01 = LOW_PAIRS.selectFrom(vc, vd);
    IntVector cd23 = HIGH_PAIRS.selectFrom(vc, vd);
    LOW_HALVES.selectFrom(ab01, cd01).intoMemorySegment(Memory.ALL, out, Memory.LE);
    HIGH_HALVES.selectFrom(ab01, cd01).intoMemorySegment(Memory.ALL, out + 64, Memory.LE);
    LOW_HALVES.selectFrom(ab23, cd23).intoMemorySegment(Memory.ALL, out + 128, Memory.LE);
    HIGH_HALVES.selectFrom(ab23, cd23).intoMemorySegment(Memory.ALL, out + 192, Memory.LE);
  }

  private static void spread(long corner, long out) {
    for (int k = 0; k < 16; k++) {
      IntVector.fromMemorySegment(
              IntVector.SPECIES_128, Memory.ALL, corner + 64L * (k % 4) + 16L * (k / 4), Memory.LE)
          .intoMemorySegment(Memory.ALL, out + k * TokenProducts.VALUE_BYTES, Memory.LE);
    }
  }

  /**
   * For each 128 bits the four lanes, of the first vector below 16 and of the second from 16 on.
   */
  private static IntVector lanes(int... four) {
    int[] index = new int[16];
    for (int i = 0; i < 16; i++) {
      index[i] = four[i % 4] + i / 4 * 4;
    }
    return IntVector.fromArray(I, index, 0);
  }
}
