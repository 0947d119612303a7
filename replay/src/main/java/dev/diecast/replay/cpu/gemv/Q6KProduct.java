package dev.diecast.replay.cpu.gemv;

import static dev.diecast.replay.cpu.gemv.IntegerPacking.EVEN;
import static dev.diecast.replay.cpu.gemv.IntegerPacking.ODD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.ValueLayout;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Q6_K in 16-bit lanes, 512-bit vectors. Half a block is 64 bytes of low bits and 32 of high bits,
 * which a permute repeats so that they meet both their low nibbles. A 16-bit lane holds {@code q x}
 * of two neighbouring values and {@code -32 * (the sum of their activations)}; four lane pairs in a
 * row share one of the block's sixteen scales.
 *
 * <p>Bounds, with {@code |x| <= 511}: the lane's true sum is that of two {@code (q - 32) x} with
 * {@code |q - 32| <= 32}, at most 2 * 32 * 511 = 32704 < 2^15; what wraps on the way is exact
 * modulo 2^16. A pair times its scale is at most 65408 * 128, four of those 2^25.
 *
 * <p>Packed form of half a block, 448 bytes: the shorts X0 (low nibbles of even bytes), X1 (low,
 * odd), X2 (high, even), X3 (high, odd), X4 and X5 (the corrections of low and high), then the
 * scale.
 */
final class Q6KProduct implements RowProduct {
  /** Largest packed activation. */
  static final int LIMIT = 511;

  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 210;
  private static final int HALF = BLOCK / 2;
  private static final int PACKED_HALF = 448;
  private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_512;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_512;
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_512;
  private static final VectorSpecies<Long> J = LongVector.SPECIES_512;

  private static final VectorSpecies<Long> HALF_J = LongVector.SPECIES_256;

  /** Repeats a half's 32 bytes of high bits. */
  private static final LongVector TWICE =
      LongVector.fromArray(J, new long[] {0, 1, 2, 3, 0, 1, 2, 3}, 0);

  /** High bits of values 0 to 31 of a half lie two bits below those of 32 to 63. */
  private static final IntVector HIGH_BITS = IntVector.fromArray(I, shifts(l -> l < 8 ? 0 : 2), 0);

  /** Moves the scale of a lane's 16 values to the top byte. */
  private static final IntVector SCALE = IntVector.fromArray(I, shifts(l -> 24 - l / 4 * 8), 0);

  @Override
  public long packedBytes(int cols) {
    return (long) cols / HALF * PACKED_HALF + 2 * BLOCK;
  }

  @Override
  public void pack(long x, int cols, long packed) {
    long shorts = packed + (long) cols / HALF * PACKED_HALF;
    for (int b = 0; b < cols / BLOCK; b++) {
      long out = packed + 2L * b * PACKED_HALF;
      float scale = IntegerPacking.quantise(x + 4L * BLOCK * b, BLOCK, LIMIT, shorts);
      for (int half = 0; half < 2; half++) {
        long from = shorts + 256L * half;
        long to = out + (long) half * PACKED_HALF;
        pair(from, to, to + 256);
        pair(from + 128, to + 128, to + 320);
        Memory.f32(to + 384, scale);
      }
    }
  }

  private static void pair(long shorts, long out, long correction) {
    ShortVector a = ShortVector.fromMemorySegment(S, Memory.ALL, shorts, Memory.LE);
    ShortVector b = ShortVector.fromMemorySegment(S, Memory.ALL, shorts + 64, Memory.LE);
    ShortVector even = EVEN.selectFrom(a, b);
    ShortVector odd = ODD.selectFrom(a, b);
    even.intoMemorySegment(Memory.ALL, out, Memory.LE);
    odd.intoMemorySegment(Memory.ALL, out + 64, Memory.LE);
    even.add(odd).mul((short) -32).intoMemorySegment(Memory.ALL, correction, Memory.LE);
  }

  @Override
  public void multiply(long w, Matrix matrix, int from, int to, long packed, long work, long sums) {
    int halves = matrix.cols() / HALF;
    long stride = matrix.memberStride();
    for (int quad = from; quad < to; quad++) {
      long c = work + 256L * (quad - from);
      Partials.clear(c);
      addQuad(w + quad * matrix.rowBytes(), stride, matrix.members(quad), halves, packed, c);
    }
    Lanes.sumRows(work, 4 * (to - from), 1, sums);
  }

  private static void addQuad(
      long w, long stride, int members, int halves, long packed, long partials) {
    LongVector twice = TWICE;
    IntVector highBits = HIGH_BITS;
    IntVector scale = SCALE;
    for (int i = 0; i < halves; i++) {
      int half = i & 1;
      long p = w + (long) (i >> 1) * BLOCK_BYTES;
      long x = packed + (long) i * PACKED_HALF;
      for (int r = 0; r < members; r++) {
        long c = partials + 64L * r;
        float d = Float.float16ToFloat(Memory.ALL.get(I16, p + 208)) * Memory.ALL.get(F32, x + 384);
        long scales = p + 192 + 8L * half;
        IntVector q = IntVector.fromMemorySegment(I, Memory.ALL, p + 64L * half, Memory.LE);
        LongVector high =
            LongVector.fromMemorySegment(HALF_J, Memory.ALL, p + 128 + 32L * half, Memory.LE);
        IntVector e =
            twice
                .selectFrom((LongVector) high.reinterpretShape(J, 0))
                .reinterpretAsInts()
                .lanewise(LSHR, highBits);
        IntVector l = q.and(0x0f0f0f0f).or(e.and(0x03030303).lanewise(LSHL, 4));
        IntVector u = q.lanewise(LSHR, 4).and(0x0f0f0f0f).or(e.and(0x30303030));
        IntVector a =
            l.and(0x00ff00ff)
                .reinterpretAsShorts()
                .mul(ShortVector.fromMemorySegment(S, Memory.ALL, x, Memory.LE))
                .add(
                    l.lanewise(LSHR, 8)
                        .and(0x00ff00ff)
                        .reinterpretAsShorts()
                        .mul(ShortVector.fromMemorySegment(S, Memory.ALL, x + 64, Memory.LE)))
                .add(ShortVector.fromMemorySegment(S, Memory.ALL, x + 256, Memory.LE))
                .reinterpretAsInts();
        IntVector b =
            u.and(0x00ff00ff)
                .reinterpretAsShorts()
                .mul(ShortVector.fromMemorySegment(S, Memory.ALL, x + 128, Memory.LE))
                .add(
                    u.lanewise(LSHR, 8)
                        .and(0x00ff00ff)
                        .reinterpretAsShorts()
                        .mul(ShortVector.fromMemorySegment(S, Memory.ALL, x + 192, Memory.LE)))
                .add(ShortVector.fromMemorySegment(S, Memory.ALL, x + 320, Memory.LE))
                .reinterpretAsInts();
        a = a.lanewise(ASHR, 16).add(a.lanewise(LSHL, 16).lanewise(ASHR, 16));
        b = b.lanewise(ASHR, 16).add(b.lanewise(LSHL, 16).lanewise(ASHR, 16));
        IntVector sa = IntVector.broadcast(I, Memory.ALL.get(I32, scales));
        IntVector sb = IntVector.broadcast(I, Memory.ALL.get(I32, scales + 4));
        a = a.mul(sa.lanewise(LSHL, scale).lanewise(ASHR, 24));
        b = b.mul(sb.lanewise(LSHL, scale).lanewise(ASHR, 24));
        ((FloatVector) a.add(b).convertShape(I2F, F, 0))
            .fma(
                FloatVector.broadcast(F, d),
                FloatVector.fromMemorySegment(F, Memory.ALL, c, Memory.LE))
            .intoMemorySegment(Memory.ALL, c, Memory.LE);
        p += stride;
      }
    }
  }

  private static int[] shifts(IntUnaryOperator ofLane) {
    return IntStream.range(0, 16).map(ofLane).toArray();
  }
}
