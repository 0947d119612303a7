package dev.diecast.replay.cpu.gemv;

import static dev.diecast.replay.cpu.Memory.i64;

import dev.diecast.plans.gguf.TensorType;

/**
 * Rows times several vectors. The weights are decoded once, a tile of a few rows that stays in a
 * cache, and multiplied there: by {@link TokenProducts} where enough vectors fill its lanes, by
 * {@link QuadProducts} otherwise.
 *
 * <p>Activations stay float32. A sum depends on its row, its vector and how many vectors there are:
 * missing rows and vectors are filled up, not computed by another body.
 */
final class PrefillTile {
  /** Quads of rows that one call may compute: a cache line of neighbouring results of a vector. */
  static final int MAX_QUADS = 16;

  /** Quads of rows that are decoded at a time. */
  static final int QUADS = TokenProducts.ROWS / 4;

  private static final long TILE_BYTES =
      4 * QUADS * Math.max(TokenProducts.ROW_BYTES, QuadProducts.ROW_BYTES);

  private final TensorType type;
  private final BlockDecoder decoder;

  PrefillTile(TensorType type, BlockDecoder decoder) {
    this.type = type;
    this.decoder = decoder;
  }

  /**
   * Whether that many vectors are multiplied with a vector per lane, which wants them transposed.
   * With less than three quarters of the lanes in use, quads are faster (cells of {@code GemvBench}
   * with 24 and with 25 tokens: about as long).
   */
  static boolean byToken(int vectors) {
    return Lanes.COUNT == 16 && 4L * vectors > 3L * padded(vectors, TokenProducts.VECTORS);
  }

  /** Bytes of scratch for at most that many vectors. */
  static long scratchBytes(int vectors) {
    return TILE_BYTES + partialBytes(vectors) + 4L * sumFloats(vectors);
  }

  /** Sums of {@link #MAX_QUADS} quads and at most that many vectors. */
  static int sumFloats(int vectors) {
    return 4 * MAX_QUADS * padded(vectors, TokenProducts.VECTORS);
  }

  /** Bytes from the sum of a row and a vector to that of the next row. */
  static long sumStride(int vectors) {
    return 4L * padded(vectors, byToken(vectors) ? TokenProducts.VECTORS : 4);
  }

  /**
   * Address of the sums after {@link #multiply}. That of member m of the q-th quad and vector v
   * lies at {@code (4 * q + m) * sumStride + 4 * v}.
   */
  static long sums(long scratch, int vectors) {
    return scratch + TILE_BYTES + (byToken(vectors) ? 0 : partialBytes(vectors));
  }

  /**
   * Sums of the quads {@code from} to {@code to}, exclusive, at most {@link #MAX_QUADS}, and all
   * vectors.
   *
   * @param w address of the matrix, whose rows have a multiple of 16 values
   * @param vectors number of vectors
   * @param table addresses of the vectors, int64, padded to a multiple of 4 with copies of the last
   * @param transposed what {@link TransposedVectors} made of them if {@link #byToken}
   * @param scratch of {@link #scratchBytes}
   */
  void multiply(
      long w,
      Matrix matrix,
      int from,
      int to,
      int vectors,
      long table,
      long transposed,
      long scratch) {
    long sums = sums(scratch, vectors);
    for (int q = from; q < to; q += QUADS) {
      int end = Math.min(to, q + QUADS);
      long at = sums + 4L * (q - from) * sumStride(vectors);
      if (byToken(vectors)) {
        tokenSums(w, matrix, q, end, vectors, transposed, scratch, at);
      } else {
        quadSums(w, matrix, q, end, vectors, table, scratch, at);
      }
    }
  }

  private void tokenSums(
      long w, Matrix matrix, int from, int to, int vectors, long x, long tile, long sums) {
    int cols = matrix.cols();
    long stride = sumStride(vectors);
    for (int k = 0; k < cols; k += TokenProducts.DEPTH) {
      int depth = Math.min(TokenProducts.DEPTH, cols - k);
      decode(w, matrix, from, to, k, depth, tile, TokenProducts.ROW_BYTES);
      for (int v = 0; v < vectors; v += TokenProducts.VECTORS) {
        if (k == 0) {
          TokenProducts.clear(sums + 4L * v, stride);
        }
        long values = x + 4L * v * cols + k * TokenProducts.VALUE_BYTES;
        TokenProducts.add(tile, values, depth, sums + 4L * v, stride);
      }
    }
  }

  private void quadSums(
      long w, Matrix matrix, int from, int to, int vectors, long table, long tile, long sums) {
    int cols = matrix.cols();
    long partials = tile + TILE_BYTES;
    long quadBytes = 16L * Lanes.BYTES;
    for (int k = 0; k < cols; k += QuadProducts.DEPTH) {
      int depth = Math.min(QuadProducts.DEPTH, cols - k);
      decode(w, matrix, from, to, k, depth, tile, QuadProducts.ROW_BYTES);
      long c = partials;
      for (int v = 0; v < vectors; v += 4) {
        long x = table + 8L * v;
        for (int r = 0; r < to - from; r++, c += quadBytes) {
          if (k == 0) {
            QuadProducts.clear(c);
          }
          QuadProducts.add(
              tile + 4L * r * QuadProducts.ROW_BYTES,
              i64(x) + 4L * k,
              i64(x + 8) + 4L * k,
              i64(x + 16) + 4L * k,
              i64(x + 24) + 4L * k,
              depth,
              c);
        }
      }
    }
    addLanes(partials, 4 * (to - from), vectors, sums);
  }

  /** Sums of the lanes of {@link #quadSums}, brought into the order of {@link #sums}. */
  private static void addLanes(long partials, int rows, int vectors, long sums) {
    long stride = sumStride(vectors);
    long c = partials;
    for (int v = 0; v < vectors; v += 4) {
      for (int r = 0; r < rows; r++, c += 4L * Lanes.BYTES) {
        Lanes.sumRows(c, 4, 1, sums + r * stride + 4L * v);
      }
    }
  }

  private void decode(
      long w, Matrix matrix, int from, int to, int k, int depth, long tile, long rowBytes) {
    for (int r = 0; r < 4 * (to - from); r++) {
      long row = w + matrix.existingRow(from + r / 4, r % 4) * matrix.rowBytes();
      decoder.decode(row + type.rowBytes(k), depth, tile + r * rowBytes);
    }
  }

  private static long partialBytes(int vectors) {
    return 16L * QUADS * padded(vectors, 4) / 4 * Lanes.WIDEST;
  }

  private static int padded(int vectors, int multiple) {
    return (vectors + multiple - 1) / multiple * multiple;
  }
}
