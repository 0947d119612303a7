package dev.diecast.replay.cpu.gemv;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Activations as 16-bit integers with one scale per stretch, for the products that multiply in
 * 16-bit lanes. How many bits an activation gets is each product's own bound: the largest for which
 * its 16-bit sums cannot overflow. That is 9 or 10 bits and a sign, at the price of 8.
 *
 * <p>512-bit vectors only.
 */
final class IntegerPacking {
  static final VectorSpecies<Float> F = FloatVector.SPECIES_512;
  static final VectorSpecies<Short> S = ShortVector.SPECIES_512;

  /** Lanes 0, 2, 4, ... of two vectors of shorts. */
  static final ShortVector EVEN = ShortVector.broadcast(S, 0).addIndex(2);

  /** Lanes 1, 3, 5, ... of two vectors of shorts. */
  static final ShortVector ODD = EVEN.add((short) 1);

  /** Added to a float below 2^22, leaves it rounded to an integer in the low mantissa bits. */
  private static final float ROUND = 0x1.8p23f;

  /** A stretch whose values all lie below it counts as zero; its reciprocal would overflow. */
  private static final float TINY = 0x1p-100f;

  private IntegerPacking() {}

  /**
   * Writes {@code count} shorts of magnitude at most {@code limit} and returns the scale that turns
   * them back.
   *
   * @param x address of the floats
   * @param count a multiple of 32
   * @param shorts where the shorts go
   */
  static float quantise(long x, int count, float limit, long shorts) {
    float max = largest(x, count);
    if (max < TINY) {
      max = 0;
    }
    FloatVector scale = FloatVector.broadcast(F, max == 0 ? 0 : limit / max);
    FloatVector round = FloatVector.broadcast(F, ROUND);
    for (long i = 0; i < count; i += 32) {
      FloatVector a = FloatVector.fromMemorySegment(F, Memory.ALL, x + 4 * i, Memory.LE);
      FloatVector b = FloatVector.fromMemorySegment(F, Memory.ALL, x + 4 * i + 64, Memory.LE);
      EVEN.selectFrom(
              a.fma(scale, round).reinterpretAsShorts(), b.fma(scale, round).reinterpretAsShorts())
          .intoMemorySegment(Memory.ALL, shorts + 2 * i, Memory.LE);
    }
    return max / limit;
  }

  /** The largest magnitude; positive floats order as their bits do. */
  private static float largest(long x, int count) {
    IntVector zero = IntVector.zero(IntVector.SPECIES_512);
    IntVector max = zero;
    for (long i = 0; i < count; i += 16) {
      max =
          IntVector.fromMemorySegment(IntVector.SPECIES_512, Memory.ALL, x + 4 * i, Memory.LE)
              .and(0x7fffffff)
              .max(max);
    }
    return Float.intBitsToFloat(zero.max(max).reduceLanes(MAX));
  }

  /** The sum of 32 shorts. */
  static int sum32(long shorts) {
    IntVector pairs =
        ShortVector.fromMemorySegment(S, Memory.ALL, shorts, Memory.LE).reinterpretAsInts();
    return pairs
        .lanewise(ASHR, 16)
        .add(pairs.lanewise(LSHL, 16).lanewise(ASHR, 16))
        .reduceLanes(ADD);
  }
}
