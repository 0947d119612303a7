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

  /** Values per row of a tile; whole blocks of every type. */
  static final int DEPTH = 2048;

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
    FloatVector c00 = load(c);
    FloatVector c01 = load(c + Lanes.BYTES);
    FloatVector c02 = load(c + 2L * Lanes.BYTES);
    FloatVector c03 = load(c + 3L * Lanes.BYTES);
    FloatVector c10 = load(c + 4L * Lanes.BYTES);
    FloatVector c11 = load(c + 5L * Lanes.BYTES);
    FloatVector c12 = load(c + 6L * Lanes.BYTES);
    FloatVector c13 = load(c + 7L * Lanes.BYTES);
    FloatVector c20 = load(c + 8L * Lanes.BYTES);
    FloatVector c21 = load(c + 9L * Lanes.BYTES);
    FloatVector c22 = load(c + 10L * Lanes.BYTES);
    FloatVector c23 = load(c + 11L * Lanes.BYTES);
    FloatVector c30 = load(c + 12L * Lanes.BYTES);
    FloatVector c31 = load(c + 13L * Lanes.BYTES);
    FloatVector c32 = load(c + 14L * Lanes.BYTES);
    FloatVector c33 = load(c + 15L * Lanes.BYTES);
    long end = w + 4L * depth;
    // Not a counted loop, which C2 would unroll until the sums no longer fit the registers.
    while (w != end) {
      FloatVector a0 = load(x0);
      FloatVector a1 = load(x1);
      FloatVector a2 = load(x2);
      FloatVector a3 = load(x3);
      FloatVector b = load(w);
      c00 = b.fma(a0, c00);
      c01 = b.fma(a1, c01);
      c02 = b.fma(a2, c02);
      c03 = b.fma(a3, c03);
      b = load(w + ROW_BYTES);
      c10 = b.fma(a0, c10);
      c11 = b.fma(a1, c11);
      c12 = b.fma(a2, c12);
      c13 = b.fma(a3, c13);
      b = load(w + 2 * ROW_BYTES);
      c20 = b.fma(a0, c20);
      c21 = b.fma(a1, c21);
      c22 = b.fma(a2, c22);
      c23 = b.fma(a3, c23);
      b = load(w + 3 * ROW_BYTES);
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
    store(c00, c);
    store(c01, c + Lanes.BYTES);
    store(c02, c + 2L * Lanes.BYTES);
    store(c03, c + 3L * Lanes.BYTES);
    store(c10, c + 4L * Lanes.BYTES);
    store(c11, c + 5L * Lanes.BYTES);
    store(c12, c + 6L * Lanes.BYTES);
    store(c13, c + 7L * Lanes.BYTES);
    store(c20, c + 8L * Lanes.BYTES);
    store(c21, c + 9L * Lanes.BYTES);
    store(c22, c + 10L * Lanes.BYTES);
    store(c23, c + 11L * Lanes.BYTES);
    store(c30, c + 12L * Lanes.BYTES);
    store(c31, c + 13L * Lanes.BYTES);
    store(c32, c + 14L * Lanes.BYTES);
    store(c33, c + 15L * Lanes.BYTES);
  }

  private static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(Lanes.F, Memory.ALL, address, Memory.LE);
  }

  private static void store(FloatVector v, long address) {
    v.intoMemorySegment(Memory.ALL, address, Memory.LE);
  }
}
