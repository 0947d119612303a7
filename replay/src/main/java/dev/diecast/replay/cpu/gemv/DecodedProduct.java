package dev.diecast.replay.cpu.gemv;

import static dev.diecast.replay.cpu.Memory.ALL;
import static dev.diecast.replay.cpu.Memory.LE;
import static dev.diecast.replay.cpu.gemv.Lanes.F;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The product of any type at any vector width: decode a stretch of the row into scratch that stays
 * in the first-level cache, multiply there in float. Types and widths without a body of their own
 * use it.
 */
final class DecodedProduct implements RowProduct {
  /** Values decoded at a time. */
  private static final int STRETCH = 1024;

  /** Values per turn of the loop: four vectors of the widest kind. */
  private static final int UNROLL = 64;

  private final TensorType type;
  private final BlockDecoder decoder;

  DecodedProduct(TensorType type) {
    this.type = type;
    this.decoder = VectorBlocks.of(type);
  }

  @Override
  public long packedBytes(int cols) {
    return 4L * padded(cols);
  }

  @Override
  public long workBytes() {
    return 4L * MAX_QUADS * Lanes.WIDEST + 4L * STRETCH;
  }

  @Override
  public void pack(long x, int cols, long packed) {
    MemorySegment.copy(ALL, x, ALL, packed, 4L * cols);
    for (int i = cols; i < padded(cols); i++) {
      Memory.f32(packed + 4L * i, 0);
    }
  }

  @Override
  public void multiply(long w, Matrix matrix, int from, int to, long packed, long work, long sums) {
    long stretch = work + 4L * MAX_QUADS * Lanes.WIDEST;
    long partial = work;
    for (int quad = from; quad < to; quad++) {
      for (int m = 0; m < 4; m++, partial += Lanes.BYTES) {
        long row = w + matrix.existingRow(quad, m) * matrix.rowBytes();
        multiplyRow(row, matrix.cols(), packed, stretch, partial);
      }
    }
    Lanes.sumRows(work, 4 * (to - from), 1, sums);
  }

  private void multiplyRow(long row, int cols, long packed, long stretch, long partial) {
    FloatVector.zero(F).intoMemorySegment(ALL, partial, LE);
    for (int k = 0; k < cols; k += STRETCH) {
      int n = Math.min(STRETCH, cols - k);
      decoder.decode(row + type.rowBytes(k), n, stretch);
      for (int i = n; i < padded(n); i++) {
        Memory.f32(stretch + 4L * i, 0);
      }
      addDot(stretch, packed + 4L * k, padded(n), partial);
    }
  }

  private static void addDot(long a, long b, int n, long partial) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector c0 = fromMemorySegment(F, ALL, partial, LE);
    FloatVector c1 = zero;
    FloatVector c2 = zero;
    FloatVector c3 = zero;
    int step = Lanes.BYTES;
    for (long end = a + 4L * n; a < end; a += 4L * step, b += 4L * step) {
      c0 = fromMemorySegment(F, ALL, a, LE).fma(fromMemorySegment(F, ALL, b, LE), c0);
      c1 = fromMemorySegment(F, ALL, a + step, LE).fma(fromMemorySegment(F, ALL, b + step, LE), c1);
      c2 =
          fromMemorySegment(F, ALL, a + 2L * step, LE)
              .fma(fromMemorySegment(F, ALL, b + 2L * step, LE), c2);
      c3 =
          fromMemorySegment(F, ALL, a + 3L * step, LE)
              .fma(fromMemorySegment(F, ALL, b + 3L * step, LE), c3);
    }
    zero.add(c0).add(c1).add(zero.add(c2).add(c3)).intoMemorySegment(ALL, partial, LE);
  }

  private static int padded(int n) {
    return (n + UNROLL - 1) / UNROLL * UNROLL;
  }
}
