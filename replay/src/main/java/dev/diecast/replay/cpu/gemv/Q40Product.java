package dev.diecast.replay.cpu.gemv;

import static dev.diecast.replay.cpu.gemv.IntegerPacking.EVEN;
import static dev.diecast.replay.cpu.gemv.IntegerPacking.ODD;
import static dev.diecast.replay.cpu.gemv.IntegerPacking.S;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.diecast.replay.cpu.Memory;
import java.util.function.IntUnaryOperator;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Q4_0 in 16-bit lanes, 512-bit vectors. Four blocks (72 bytes, 128 values) are one step: a byte
 * permute drops the scales and leaves the 64 nibble bytes; each 16-bit lane adds the four products
 * of its two bytes to {@code -8 * (the sum of its four activations)}.
 *
 * <p>Bound: the lane's true sum is that of four {@code (q - 8) x} with {@code |q - 8| <= 8}, so
 * with {@code |x| <= 1023} it stays within 4 * 8 * 1023 = 32736 < 2^15. Intermediate sums may wrap;
 * the arithmetic is exact modulo 2^16. The correction term alone obeys the same bound.
 *
 * <p>Packed form of a step, 384 bytes: shorts X0 (low nibbles of even bytes), X1 (high nibbles of
 * even bytes), X2 (low, odd), X3 (high, odd), X4 (the correction), then 16 floats: the activation
 * scale of each 32-bit lane's block.
 */
final class Q40Product implements RowProduct {
  /** Largest packed activation. */
  static final int LIMIT = 1023;

  private static final int STEP = 128;
  private static final int STEP_BYTES = 72;
  private static final int PACKED_STEP = 384;
  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_512;
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_512;

  /** Nibble byte l of a step; the second source of the permute begins 8 bytes after the first. */
  private static final ByteVector NIBBLES =
      bytes(l -> l / 16 * 18 + 2 + l % 16, at -> at < 64 ? at : at + 56);

  /** The float16 scale of a 32-bit lane's block in the lane's upper half. */
  private static final ByteVector SCALES = bytes(l -> l / 16 * 18 + l % 4 / 3, at -> at);

  /** Eight-lane groups 0, 2, 4, 6 of two vectors of shorts. */
  private static final ShortVector FIRST_HALVES = shorts(l -> l / 8 * 16 + l % 8);

  private static final ShortVector SECOND_HALVES = FIRST_HALVES.add((short) 8);

  @Override
  public long packedBytes(int cols) {
    return (long) steps(cols) * PACKED_STEP + 2 * STEP;
  }

  @Override
  public void pack(long x, int cols, long packed) {
    long shorts = packed + (long) steps(cols) * PACKED_STEP;
    for (int k = 0; k < cols; k += STEP) {
      long out = packed + (long) k / STEP * PACKED_STEP;
      for (int b = 0; b < 4; b++) {
        float scale = 0;
        if (k + 32 * b < cols) {
          scale = IntegerPacking.quantise(x + 4L * (k + 32 * b), 32, LIMIT, shorts + 64L * b);
        } else {
          ShortVector.zero(S).intoMemorySegment(Memory.ALL, shorts + 64L * b, Memory.LE);
        }
        // The weight scale lacks float16's exponent bias, which is made good here.
        FloatVector.broadcast(FloatVector.SPECIES_128, scale * VectorBlocks.F16_BIAS)
            .intoMemorySegment(Memory.ALL, out + 320 + 16L * b, Memory.LE);
      }
      interleave(shorts, out);
    }
  }

  private static void interleave(long shorts, long out) {
    ShortVector v0 = ShortVector.fromMemorySegment(S, Memory.ALL, shorts, Memory.LE);
    ShortVector v1 = ShortVector.fromMemorySegment(S, Memory.ALL, shorts + 64, Memory.LE);
    ShortVector v2 = ShortVector.fromMemorySegment(S, Memory.ALL, shorts + 128, Memory.LE);
    ShortVector v3 = ShortVector.fromMemorySegment(S, Memory.ALL, shorts + 192, Memory.LE);
    ShortVector even01 = EVEN.selectFrom(v0, v1);
    ShortVector even23 = EVEN.selectFrom(v2, v3);
    ShortVector odd01 = ODD.selectFrom(v0, v1);
    ShortVector odd23 = ODD.selectFrom(v2, v3);
    ShortVector x0 = FIRST_HALVES.selectFrom(even01, even23);
    ShortVector x1 = SECOND_HALVES.selectFrom(even01, even23);
    ShortVector x2 = FIRST_HALVES.selectFrom(odd01, odd23);
    ShortVector x3 = SECOND_HALVES.selectFrom(odd01, odd23);
    x0.intoMemorySegment(Memory.ALL, out, Memory.LE);
    x1.intoMemorySegment(Memory.ALL, out + 64, Memory.LE);
    x2.intoMemorySegment(Memory.ALL, out + 128, Memory.LE);
    x3.intoMemorySegment(Memory.ALL, out + 192, Memory.LE);
    x0.add(x1).add(x2.add(x3)).mul((short) -8).intoMemorySegment(Memory.ALL, out + 256, Memory.LE);
  }

  @Override
  public void multiply(long w, Matrix matrix, int from, int to, long packed, long work, long sums) {
    int steps = matrix.cols() / STEP;
    long stride = matrix.memberStride();
    for (int quad = from; quad < to; quad++) {
      long c = work + 256L * (quad - from);
      Partials.clear(c);
      addQuad(w + quad * matrix.rowBytes(), stride, matrix.members(quad), steps, packed, c);
    }
    int rest = matrix.cols() % STEP / 32;
    if (rest > 0) {
      long at = w + (long) steps * STEP_BYTES;
      addRest(at, matrix, from, to, rest, packed + (long) steps * PACKED_STEP, work);
    }
    Lanes.sumRows(work, 4 * (to - from), 1, sums);
  }

  /** All whole steps of a quad. */
  private static void addQuad(
      long w, long stride, int members, int steps, long packed, long partials) {
    ByteVector nibbles = NIBBLES;
    ByteVector scales = SCALES;
    for (int i = 0; i < steps; i++) {
      long p = w + (long) i * STEP_BYTES;
      long x = packed + (long) i * PACKED_STEP;
      for (int r = 0; r < members; r++) {
        long c = partials + 64L * r;
        ByteVector a = ByteVector.fromMemorySegment(B, Memory.ALL, p, Memory.LE);
        ByteVector b = ByteVector.fromMemorySegment(B, Memory.ALL, p + 8, Memory.LE);
        IntVector q = nibbles.selectFrom(a, b).reinterpretAsInts();
        ShortVector s =
            q.and(0x000f000f)
                .reinterpretAsShorts()
                .mul(ShortVector.fromMemorySegment(S, Memory.ALL, x, Memory.LE))
                .add(
                    q.lanewise(LSHR, 4)
                        .and(0x000f000f)
                        .reinterpretAsShorts()
                        .mul(ShortVector.fromMemorySegment(S, Memory.ALL, x + 64, Memory.LE)))
                .add(
                    q.lanewise(LSHR, 8)
                        .and(0x000f000f)
                        .reinterpretAsShorts()
                        .mul(ShortVector.fromMemorySegment(S, Memory.ALL, x + 128, Memory.LE))
                        .add(
                            q.lanewise(LSHR, 12)
                                .and(0x000f000f)
                                .reinterpretAsShorts()
                                .mul(
                                    ShortVector.fromMemorySegment(
                                        S, Memory.ALL, x + 192, Memory.LE))))
                .add(ShortVector.fromMemorySegment(S, Memory.ALL, x + 256, Memory.LE));
        IntVector t = s.reinterpretAsInts();
        t = t.lanewise(ASHR, 16).add(t.lanewise(LSHL, 16).lanewise(ASHR, 16));
        FloatVector e =
            scales
                .selectFrom(a)
                .reinterpretAsInts()
                .lanewise(ASHR, 3)
                .and(0x8fffe000)
                .reinterpretAsFloats()
                .mul(FloatVector.fromMemorySegment(F, Memory.ALL, x + 320, Memory.LE));
        ((FloatVector) t.convertShape(I2F, F, 0))
            .fma(e, FloatVector.fromMemorySegment(F, Memory.ALL, c, Memory.LE))
            .intoMemorySegment(Memory.ALL, c, Memory.LE);
        p += stride;
      }
    }
  }

  /** The one to three blocks behind the last whole step, loaded under a mask. */
  private static void addRest(
      long w, Matrix matrix, int from, int to, int blocks, long x, long partials) {
    VectorMask<Byte> mask = B.indexInRange(0, 18L * blocks);
    ShortVector x0 = ShortVector.fromMemorySegment(S, Memory.ALL, x, Memory.LE);
    ShortVector x1 = ShortVector.fromMemorySegment(S, Memory.ALL, x + 64, Memory.LE);
    ShortVector x2 = ShortVector.fromMemorySegment(S, Memory.ALL, x + 128, Memory.LE);
    ShortVector x3 = ShortVector.fromMemorySegment(S, Memory.ALL, x + 192, Memory.LE);
    ShortVector x4 = ShortVector.fromMemorySegment(S, Memory.ALL, x + 256, Memory.LE);
    FloatVector d = FloatVector.fromMemorySegment(F, Memory.ALL, x + 320, Memory.LE);
    for (int r = 0; r < 4 * (to - from); r++) {
      long row = w + matrix.existingRow(from + r / 4, r % 4) * matrix.rowBytes();
      ByteVector a = ByteVector.fromMemorySegment(B, Memory.ALL, row, Memory.LE, mask);
      IntVector q = NIBBLES.selectFrom(a, a).reinterpretAsInts();
      FloatVector c = FloatVector.fromMemorySegment(F, Memory.ALL, partials + 64L * r, Memory.LE);
      ShortVector s =
          q.and(0x000f000f)
              .reinterpretAsShorts()
              .mul(x0)
              .add(q.lanewise(LSHR, 4).and(0x000f000f).reinterpretAsShorts().mul(x1))
              .add(q.lanewise(LSHR, 8).and(0x000f000f).reinterpretAsShorts().mul(x2))
              .add(q.lanewise(LSHR, 12).and(0x000f000f).reinterpretAsShorts().mul(x3))
              .add(x4);
      IntVector t = s.reinterpretAsInts();
      t = t.lanewise(ASHR, 16).add(t.lanewise(LSHL, 16).lanewise(ASHR, 16));
      FloatVector e =
          SCALES
              .selectFrom(a)
              .reinterpretAsInts()
              .lanewise(ASHR, 3)
              .and(0x8fffe000)
              .reinterpretAsFloats();
      ((FloatVector) t.convertShape(I2F, F, 0))
          .fma(e.mul(d), c)
          .intoMemorySegment(Memory.ALL, partials + 64L * r, Memory.LE);
    }
  }

  private static int steps(int cols) {
    return (cols + STEP - 1) / STEP;
  }

  private static ByteVector bytes(IntUnaryOperator place, IntUnaryOperator source) {
    byte[] index = new byte[64];
    for (int l = 0; l < 64; l++) {
      index[l] = (byte) source.applyAsInt(place.applyAsInt(l));
    }
    return ByteVector.fromArray(B, index, 0);
  }

  private static ShortVector shorts(IntUnaryOperator place) {
    short[] index = new short[32];
    for (int l = 0; l < 32; l++) {
      index[l] = (short) place.applyAsInt(l);
    }
    return ShortVector.fromArray(S, index, 0);
  }
}
