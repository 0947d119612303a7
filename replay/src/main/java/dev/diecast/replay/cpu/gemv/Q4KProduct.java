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
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Q4_K in 16-bit lanes, 512-bit vectors. A 64-byte load is two chunks of 32 bytes, that is four
 * sub-blocks; a 16-bit lane sums the two products of one sub-block, the two lanes of a 32-bit pair
 * are added, and an integer multiply applies the sub-block's scale. The minima meet the activation
 * sums of their sub-blocks.
 *
 * <p>Bounds, with {@code |x| <= 1023}: a 16-bit lane holds two {@code q x}, at most 2 * 15 * 1023 =
 * 30690 < 2^15. A pair times its scale is at most 2 * 30690 * 63, four of those 15 467 760 < 2^24,
 * so even the conversion to float is exact. A minimum times its sum is at most 63 * 32 * 1023 <
 * 2^21.
 *
 * <p>Packed form of half a block, 384 bytes: the shorts X0 (low nibbles of even bytes), X1 (high,
 * even), X2 (low, odd), X3 (high, odd) and 16 ints, the sums of its four sub-blocks and zeros; then
 * the block's scale.
 */
final class Q4KProduct implements RowProduct {
  /** Largest packed activation. */
  static final int LIMIT = 1023;

  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 144;
  private static final int HALF = BLOCK / 2;
  private static final int PACKED_HALF = 384;
  private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_512;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_512;
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_512;

  /** Moves the byte of a lane's low-nibble sub-block down: sub-blocks 0 and 2 of a half. */
  private static final IntVector LOW_SCALE = IntVector.fromArray(I, shifts(l -> l < 8 ? 0 : 16), 0);

  /** The same for high nibbles: sub-blocks 1 and 3 of a half. */
  private static final IntVector HIGH_SCALE =
      IntVector.fromArray(I, shifts(l -> l < 8 ? 8 : 24), 0);

  /** Moves the minimum of sub-block l of a half to lane l. */
  private static final IntVector MINIMUM = IntVector.fromArray(I, shifts(l -> l % 4 * 8), 0);

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
        pair(from, from + 128, to);
        pair(from + 64, from + 192, to + 64);
        IntVector.zero(I).intoMemorySegment(Memory.ALL, to + 256, Memory.LE);
        for (int j = 0; j < 4; j++) {
          Memory.i32(to + 256 + 4L * j, IntegerPacking.sum32(from + 64L * j));
        }
        Memory.f32(to + 320, scale);
      }
    }
  }

  private static void pair(long first, long second, long out) {
    ShortVector a = ShortVector.fromMemorySegment(S, Memory.ALL, first, Memory.LE);
    ShortVector b = ShortVector.fromMemorySegment(S, Memory.ALL, second, Memory.LE);
    EVEN.selectFrom(a, b).intoMemorySegment(Memory.ALL, out, Memory.LE);
    ODD.selectFrom(a, b).intoMemorySegment(Memory.ALL, out + 128, Memory.LE);
  }

  @Override
  public void multiply(long w, Matrix matrix, int from, int to, long packed, long work, long sums) {
    int halves = matrix.cols() / HALF;
    long stride = matrix.memberStride();
    for (int quad = from; quad < to; quad++) {
      long c = work + 256L * (quad - from);
      Partials.clear(c);
      long first = w + quad * matrix.rowBytes();
      addQuad(first, stride, matrix.members(quad), halves, packed, c);
      addMinima(first, stride, matrix.members(quad), halves, packed, c);
    }
    Lanes.sumRows(work, 4 * (to - from), 1, sums);
  }

  private static void addQuad(
      long w, long stride, int members, int halves, long packed, long partials) {
    IntVector lowScale = LOW_SCALE;
    IntVector highScale = HIGH_SCALE;
    for (int i = 0; i < halves; i++) {
      int half = i & 1;
      long p = w + (long) (i >> 1) * BLOCK_BYTES;
      long x = packed + (long) i * PACKED_HALF;
      for (int r = 0; r < members; r++) {
        long c = partials + 64L * r;
        float dx = Memory.ALL.get(F32, x + 320);
        int u6 = Memory.ALL.get(I32, p + 4);
        int t4 = Memory.ALL.get(I32, p + 12);
        long s8 = (u6 & 0x3f3f3f3fL) | (((t4 & 0x0f0f0f0fL) | ((u6 >>> 2) & 0x30303030L)) << 32);
        float d = Float.float16ToFloat(Memory.ALL.get(I16, p)) * dx;
        long at = 16 + 64L * half;
        IntVector q = IntVector.fromMemorySegment(I, Memory.ALL, p + at, Memory.LE);
        IntVector a =
            q.and(0x000f000f)
                .reinterpretAsShorts()
                .mul(ShortVector.fromMemorySegment(S, Memory.ALL, x, Memory.LE))
                .add(
                    q.lanewise(LSHR, 8)
                        .and(0x000f000f)
                        .reinterpretAsShorts()
                        .mul(ShortVector.fromMemorySegment(S, Memory.ALL, x + 128, Memory.LE)))
                .reinterpretAsInts();
        IntVector b =
            q.lanewise(LSHR, 4)
                .and(0x000f000f)
                .reinterpretAsShorts()
                .mul(ShortVector.fromMemorySegment(S, Memory.ALL, x + 64, Memory.LE))
                .add(
                    q.lanewise(LSHR, 12)
                        .and(0x000f000f)
                        .reinterpretAsShorts()
                        .mul(ShortVector.fromMemorySegment(S, Memory.ALL, x + 192, Memory.LE)))
                .reinterpretAsInts();
        a = a.lanewise(ASHR, 16).add(a.lanewise(LSHL, 16).lanewise(ASHR, 16));
        b = b.lanewise(ASHR, 16).add(b.lanewise(LSHL, 16).lanewise(ASHR, 16));
        IntVector s = IntVector.broadcast(I, (int) (s8 >>> (32 * half)));
        a = a.mul(s.lanewise(LSHR, lowScale).and(255));
        b = b.mul(s.lanewise(LSHR, highScale).and(255));
        ((FloatVector) a.add(b).convertShape(I2F, F, 0))
            .fma(
                FloatVector.broadcast(F, d),
                FloatVector.fromMemorySegment(F, Memory.ALL, c, Memory.LE))
            .intoMemorySegment(Memory.ALL, c, Memory.LE);
        p += stride;
      }
    }
  }

  /** The minima times the sums of their sub-blocks; a loop of its own keeps both small. */
  private static void addMinima(
      long w, long stride, int members, int halves, long packed, long partials) {
    IntVector minimum = MINIMUM;
    for (int i = 0; i < halves; i++) {
      long p = w + (long) (i >> 1) * BLOCK_BYTES;
      long x = packed + (long) i * PACKED_HALF;
      for (int r = 0; r < members; r++) {
        long c = partials + 64L * r;
        int v6 = Memory.ALL.get(I32, p + 8);
        int t4 = Memory.ALL.get(I32, p + 12);
        long m8 =
            (v6 & 0x3f3f3f3fL) | ((((t4 >>> 4) & 0x0f0f0f0fL) | ((v6 >>> 2) & 0x30303030L)) << 32);
        float d =
            -(Float.float16ToFloat(Memory.ALL.get(I16, p + 2)) * Memory.ALL.get(F32, x + 320));
        IntVector m =
            IntVector.broadcast(I, (int) (m8 >>> (32 * (i & 1))))
                .lanewise(LSHR, minimum)
                .and(255)
                .mul(IntVector.fromMemorySegment(I, Memory.ALL, x + 256, Memory.LE));
        ((FloatVector) m.convertShape(I2F, F, 0))
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
