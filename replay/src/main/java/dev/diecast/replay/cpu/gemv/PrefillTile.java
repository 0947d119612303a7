package dev.diecast.replay.cpu.gemv;

import static dev.diecast.replay.cpu.Memory.i64;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;

/**
 * A few rows times several vectors. The weights are decoded once, a tile of a few rows by {@link
 * #DEPTH} values that stays in the first-level cache, and 4 x 4 accumulators hold the sums of 4
 * rows and 4 vectors while a tile is walked: eight loads feed sixteen multiply-adds.
 *
 * <p>Activations stay float32. A sum depends on its row and its vector alone: missing rows and
 * vectors of the last quad are filled with copies, not with another body.
 */
final class PrefillTile {
  /** Quads of rows of a tile. */
  static final int QUADS = 2;

  /** Bytes from a sum to that of the next quad. */
  static final long QUAD_STRIDE = 64;

  /**
   * Values per row of a tile; whole blocks of every type. A tile and four stretches of vectors are
   * 24 KiB, which stay in a first-level cache of 32 or 48: a depth of 2048 was 15% slower.
   */
  static final int DEPTH = 512;

  private static final long ROW_BYTES = 4L * DEPTH;
  private static final long TILE_BYTES = 4 * QUADS * ROW_BYTES;

  private final TensorType type;
  private final BlockDecoder decoder;

  PrefillTile(TensorType type, BlockDecoder decoder) {
    this.type = type;
    this.decoder = decoder;
  }

  /** Bytes of scratch for at most that many vectors. */
  static long scratchBytes(long vectors) {
    long quads = (vectors + 3) / 4;
    return TILE_BYTES + quads * QUADS * 16 * (Lanes.WIDEST + 4);
  }

  /**
   * Address of the sum of one row and one vector, after {@link #multiply}.
   *
   * @param quad counted from the first of the tile
   */
  static long sum(long scratch, int vectors, int quad, int member, int vector) {
    int at = (vector / 4 * QUADS + quad) * 16 + member * 4 + vector % 4;
    return sums(scratch, vectors) + 4L * at;
  }

  /** Floats from the address of the first {@link #sum} that hold all of them. */
  static int sums(int vectors) {
    return (vectors + 3) / 4 * QUADS * 16;
  }

  /**
   * Sums of the quads {@code from} to {@code to}, exclusive, at most {@link #QUADS}, and all
   * vectors.
   *
   * @param w address of the matrix, whose rows have a multiple of 16 values
   * @param vectors number of vectors
   * @param table addresses of the vectors, int64, padded to a multiple of 4 with copies of the last
   * @param scratch of {@link #scratchBytes}
   */
  void multiply(long w, Matrix matrix, int from, int to, int vectors, long table, long scratch) {
    int vectorQuads = (vectors + 3) / 4;
    long partials = scratch + TILE_BYTES;
    int rowQuads = to - from;
    int cols = matrix.cols();
    for (int k = 0; k < cols; k += DEPTH) {
      int depth = Math.min(DEPTH, cols - k);
      for (int r = 0; r < 4 * rowQuads; r++) {
        long row = w + matrix.existingRow(from + r / 4, r % 4) * matrix.rowBytes();
        decoder.decode(row + type.rowBytes(k), depth, scratch + r * ROW_BYTES);
      }
      for (int q = 0; q < vectorQuads; q++) {
        long x = table + 32L * q;
        for (int r = 0; r < rowQuads; r++) {
          long c = partials + 16L * Lanes.BYTES * (q * QUADS + r);
          if (k == 0) {
            clear(c);
          }
          addProducts(
              scratch + 4L * r * ROW_BYTES,
              i64(x) + 4L * k,
              i64(x + 8) + 4L * k,
              i64(x + 16) + 4L * k,
              i64(x + 24) + 4L * k,
              depth,
              c);
        }
      }
    }
    Lanes.sumRows(partials, vectorQuads * QUADS * 16, 1, sums(scratch, vectors));
  }

  private static long sums(long scratch, int vectors) {
    return scratch + TILE_BYTES + (vectors + 3) / 4 * (long) (QUADS * 16 * Lanes.WIDEST);
  }

  private static void clear(long c) {
    FloatVector zero = FloatVector.zero(Lanes.F);
    for (int i = 0; i < 16; i++) {
      zero.intoMemorySegment(Memory.ALL, c + (long) i * Lanes.BYTES, Memory.LE);
    }
  }

  /** Sixteen sums of four tile rows at w and four vectors, added to the partials at c. */
  private static void addProducts(long w, long x0, long x1, long x2, long x3, int depth, long c) {
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
