package dev.diecast.replay.cpu.gemv;

import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.I2F;

import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Q8_0 with float activations, 512-bit vectors: a block's 32 products are summed per lane, then
 * scaled once.
 *
 * <p>The loop calls nothing but the JDK's own force-inlined methods, not even {@code Memory}: in a
 * method of this size C2 inlines no other callee of ours, and a real call would spill every vector.
 */
final class Q80Product implements RowProduct {
  private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final int BLOCK = 34;
  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_128;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_512;
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_512;

  @Override
  public long packedBytes(int cols) {
    return 4L * cols;
  }

  @Override
  public void pack(long x, int cols, long packed) {
    // A copy, because loads that straddle cache lines cost twice and x may lie anywhere.
    MemorySegment.copy(Memory.ALL, x, Memory.ALL, packed, 4L * cols);
  }

  @Override
  public void multiply(long w, Matrix matrix, int from, int to, long packed, long work, long sums) {
    addBlocks(w, matrix, from, to, matrix.cols() / 32, packed, work);
    Lanes.sumRows(work, 4 * (to - from), 1, sums);
  }

  private static void addBlocks(
      long w, Matrix matrix, int from, int to, int blocks, long packed, long partials) {
    long c = partials;
    for (int quad = from; quad < to; quad++, c += 256) {
      long p0 = w + matrix.existingRow(quad, 0) * matrix.rowBytes();
      long p1 = w + matrix.existingRow(quad, 1) * matrix.rowBytes();
      long p2 = w + matrix.existingRow(quad, 2) * matrix.rowBytes();
      long p3 = w + matrix.existingRow(quad, 3) * matrix.rowBytes();
      long x = packed;
      FloatVector zero = FloatVector.zero(F);
      FloatVector c0 = zero;
      FloatVector c1 = zero;
      FloatVector c2 = zero;
      FloatVector c3 = zero;
      for (int i = 0; i < blocks; i++) {
        FloatVector x0 = FloatVector.fromMemorySegment(F, Memory.ALL, x, Memory.LE);
        FloatVector x1 = FloatVector.fromMemorySegment(F, Memory.ALL, x + 64, Memory.LE);
        {
          ByteVector a = ByteVector.fromMemorySegment(B, Memory.ALL, p0 + 2, Memory.LE);
          ByteVector b = ByteVector.fromMemorySegment(B, Memory.ALL, p0 + 18, Memory.LE);
          FloatVector s = (FloatVector) a.convertShape(B2I, I, 0).convertShape(I2F, F, 0);
          FloatVector t = (FloatVector) b.convertShape(B2I, I, 0).convertShape(I2F, F, 0);
          c0 =
              t.fma(x1, s.mul(x0))
                  .fma(FloatVector.broadcast(F, Float.float16ToFloat(Memory.ALL.get(I16, p0))), c0);
        }
        {
          ByteVector a = ByteVector.fromMemorySegment(B, Memory.ALL, p1 + 2, Memory.LE);
          ByteVector b = ByteVector.fromMemorySegment(B, Memory.ALL, p1 + 18, Memory.LE);
          FloatVector s = (FloatVector) a.convertShape(B2I, I, 0).convertShape(I2F, F, 0);
          FloatVector t = (FloatVector) b.convertShape(B2I, I, 0).convertShape(I2F, F, 0);
          c1 =
              t.fma(x1, s.mul(x0))
                  .fma(FloatVector.broadcast(F, Float.float16ToFloat(Memory.ALL.get(I16, p1))), c1);
        }
        {
          ByteVector a = ByteVector.fromMemorySegment(B, Memory.ALL, p2 + 2, Memory.LE);
          ByteVector b = ByteVector.fromMemorySegment(B, Memory.ALL, p2 + 18, Memory.LE);
          FloatVector s = (FloatVector) a.convertShape(B2I, I, 0).convertShape(I2F, F, 0);
          FloatVector t = (FloatVector) b.convertShape(B2I, I, 0).convertShape(I2F, F, 0);
          c2 =
              t.fma(x1, s.mul(x0))
                  .fma(FloatVector.broadcast(F, Float.float16ToFloat(Memory.ALL.get(I16, p2))), c2);
        }
        {
          ByteVector a = ByteVector.fromMemorySegment(B, Memory.ALL, p3 + 2, Memory.LE);
          ByteVector b = ByteVector.fromMemorySegment(B, Memory.ALL, p3 + 18, Memory.LE);
          FloatVector s = (FloatVector) a.convertShape(B2I, I, 0).convertShape(I2F, F, 0);
          FloatVector t = (FloatVector) b.convertShape(B2I, I, 0).convertShape(I2F, F, 0);
          c3 =
              t.fma(x1, s.mul(x0))
                  .fma(FloatVector.broadcast(F, Float.float16ToFloat(Memory.ALL.get(I16, p3))), c3);
        }
        p0 += BLOCK;
        p1 += BLOCK;
        p2 += BLOCK;
        p3 += BLOCK;
        x += 128;
      }
      zero.add(c0).intoMemorySegment(Memory.ALL, c, Memory.LE);
      zero.add(c1).intoMemorySegment(Memory.ALL, c + 64, Memory.LE);
      zero.add(c2).intoMemorySegment(Memory.ALL, c + 128, Memory.LE);
      zero.add(c3).intoMemorySegment(Memory.ALL, c + 192, Memory.LE);
    }
  }
}
