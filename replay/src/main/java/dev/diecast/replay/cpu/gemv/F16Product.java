package dev.diecast.replay.cpu.gemv;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.S2I;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * F16 with float activations, 512-bit vectors. Shifting the 15 bits below the sign to a float's
 * places gives the weight times 2^-112, subnormals included. Half of that is made good in the
 * packed activations and half in the sum, so that nothing in between leaves the range of a float.
 */
final class F16Product implements RowProduct {
  private static final float HALF_BIAS = 0x1p56f;
  private static final int STEP = 32;
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_256;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_512;
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_512;

  @Override
  public long packedBytes(int cols) {
    return (cols + STEP - 1) / STEP * (4L * STEP);
  }

  @Override
  public void pack(long x, int cols, long packed) {
    int k = 0;
    for (; k + 16 <= cols; k += 16) {
      FloatVector.fromMemorySegment(F, Memory.ALL, x + 4L * k, Memory.LE)
          .mul(HALF_BIAS)
          .intoMemorySegment(Memory.ALL, packed + 4L * k, Memory.LE);
    }
    for (; k < packedBytes(cols) / 4; k++) {
      Memory.f32(packed + 4L * k, k < cols ? Memory.f32(x + 4L * k) * HALF_BIAS : 0);
    }
  }

  @Override
  public void multiply(long w, Matrix matrix, int from, int to, long packed, long work, long sums) {
    int whole = matrix.cols() / STEP * STEP;
    addSteps(w, matrix, from, to, whole / STEP, packed, work);
    for (int k = whole; k < matrix.cols(); k += 16) {
      int rest = Math.min(16, matrix.cols() - k);
      addRest(w + 2L * k, matrix, from, to, rest, packed + 4L * k, work);
    }
    Lanes.sumRows(work, 4 * (to - from), HALF_BIAS, sums);
  }

  private static void addSteps(
      long w, Matrix matrix, int from, int to, int steps, long packed, long partials) {
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
      for (int i = 0; i < steps; i++) {
        FloatVector x0 = FloatVector.fromMemorySegment(F, Memory.ALL, x, Memory.LE);
        FloatVector x1 = FloatVector.fromMemorySegment(F, Memory.ALL, x + 64, Memory.LE);
        {
          ShortVector a = ShortVector.fromMemorySegment(S, Memory.ALL, p0, Memory.LE);
          ShortVector b = ShortVector.fromMemorySegment(S, Memory.ALL, p0 + 32, Memory.LE);
          IntVector s = ((IntVector) a.convertShape(S2I, I, 0)).lanewise(LSHL, 13);
          IntVector t = ((IntVector) b.convertShape(S2I, I, 0)).lanewise(LSHL, 13);
          c0 = s.and(0x8fffe000).reinterpretAsFloats().fma(x0, c0);
          c0 = t.and(0x8fffe000).reinterpretAsFloats().fma(x1, c0);
        }
        {
          ShortVector a = ShortVector.fromMemorySegment(S, Memory.ALL, p1, Memory.LE);
          ShortVector b = ShortVector.fromMemorySegment(S, Memory.ALL, p1 + 32, Memory.LE);
          IntVector s = ((IntVector) a.convertShape(S2I, I, 0)).lanewise(LSHL, 13);
          IntVector t = ((IntVector) b.convertShape(S2I, I, 0)).lanewise(LSHL, 13);
          c1 = s.and(0x8fffe000).reinterpretAsFloats().fma(x0, c1);
          c1 = t.and(0x8fffe000).reinterpretAsFloats().fma(x1, c1);
        }
        {
          ShortVector a = ShortVector.fromMemorySegment(S, Memory.ALL, p2, Memory.LE);
          ShortVector b = ShortVector.fromMemorySegment(S, Memory.ALL, p2 + 32, Memory.LE);
          IntVector s = ((IntVector) a.convertShape(S2I, I, 0)).lanewise(LSHL, 13);
          IntVector t = ((IntVector) b.convertShape(S2I, I, 0)).lanewise(LSHL, 13);
          c2 = s.and(0x8fffe000).reinterpretAsFloats().fma(x0, c2);
          c2 = t.and(0x8fffe000).reinterpretAsFloats().fma(x1, c2);
        }
        {
          ShortVector a = ShortVector.fromMemorySegment(S, Memory.ALL, p3, Memory.LE);
          ShortVector b = ShortVector.fromMemorySegment(S, Memory.ALL, p3 + 32, Memory.LE);
          IntVector s = ((IntVector) a.convertShape(S2I, I, 0)).lanewise(LSHL, 13);
          IntVector t = ((IntVector) b.convertShape(S2I, I, 0)).lanewise(LSHL, 13);
          c3 = s.and(0x8fffe000).reinterpretAsFloats().fma(x0, c3);
          c3 = t.and(0x8fffe000).reinterpretAsFloats().fma(x1, c3);
        }
        p0 += 2 * STEP;
        p1 += 2 * STEP;
        p2 += 2 * STEP;
        p3 += 2 * STEP;
        x += 4 * STEP;
      }
      zero.add(c0).intoMemorySegment(Memory.ALL, c, Memory.LE);
      zero.add(c1).intoMemorySegment(Memory.ALL, c + 64, Memory.LE);
      zero.add(c2).intoMemorySegment(Memory.ALL, c + 128, Memory.LE);
      zero.add(c3).intoMemorySegment(Memory.ALL, c + 192, Memory.LE);
    }
  }

  /** At most 16 values behind the last whole step, loaded under a mask. */
  private static void addRest(
      long w, Matrix matrix, int from, int to, int values, long packed, long partials) {
    VectorMask<Short> mask = S.indexInRange(0, values);
    FloatVector x = FloatVector.fromMemorySegment(F, Memory.ALL, packed, Memory.LE);
    for (int r = 0; r < 4 * (to - from); r++) {
      long row = w + matrix.existingRow(from + r / 4, r % 4) * matrix.rowBytes();
      ShortVector a = ShortVector.fromMemorySegment(S, Memory.ALL, row, Memory.LE, mask);
      IntVector s = ((IntVector) a.convertShape(S2I, I, 0)).lanewise(LSHL, 13);
      FloatVector c = FloatVector.fromMemorySegment(F, Memory.ALL, partials + 64L * r, Memory.LE);
      s.and(0x8fffe000)
          .reinterpretAsFloats()
          .fma(x, c)
          .intoMemorySegment(Memory.ALL, partials + 64L * r, Memory.LE);
    }
  }
}
