package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.Memory.ALL;
import static dev.diecast.replay.cpu.Memory.LE;
import static dev.diecast.replay.cpu.ops.Lanes.F32;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * e^x in float32, within 2 ulp of the exact value. With n the integer nearest to x / ln 2 and r = x
 * - n ln 2, e^x = 2^n e^r; |r| <= 0.347, where the Taylor polynomial of degree 7 is off by less
 * than 6e-9. Below -87.68, where n would be -127, the power and the result are 0; NaN stays NaN.
 *
 * <p>From memory to memory, and in one method that is too long for C2 to inline (more than 325
 * bytes of bytecode, {@code FreqInlineSize}): inlined into a kernel, its some 20 vector operations
 * exceed a node count, after which C2 boxes vectors. For the same reason loads and stores are the
 * JDK's own calls, which C2 always inlines, and no vector is chosen by a branch.
 */
final class Exp {
  private static final float LOG2_E = (float) 1.4426950408889634;
  private static final float LN2_HIGH = 0x1.62e4p-1f; // few bits, so that n * LN2_HIGH is exact
  private static final float LN2_LOW = (float) (0.6931471805599453 - LN2_HIGH);
  private static final float ROUND =
      0x1.8p23f; // adding it leaves the nearest integer in the low bits
  private static final float LOWEST = -88; // rounds to n = -127, whose exponent bits are 0
  private static final float HIGHEST = 88.37626f; // 2^n would overflow above

  private Exp() {}

  /** y[i] = e^(sign * x[i] + shift) for n values; y may be x. Returns the sum of y. */
  static float vector(long x, long y, int n, float sign, float shift) {
    return wholeVectors(x, 0, y, n, sign, shift) + scalar(x, y, F32.loopBound(n), n, sign, shift);
  }

  /**
   * y[i] = x[i] / (1 + e^-x[i]) * up[i] for the values in whole vectors; y may be x or up. Here and
   * not with its caller for the reason above.
   */
  static void siluMul(long x, long up, long y, int n) {
    wholeVectors(x, up, y, n, -1, 0);
  }

  /** The exponentials, or with {@code up} silu(x) * up. Returns the sum of the exponentials. */
  private static float wholeVectors(long x, long up, long y, int n, float sign, float shift) {
    FloatVector sum = FloatVector.zero(F32);
    int body = F32.loopBound(n);
    for (int i = 0; i < body; i += Lanes.COUNT) {
      FloatVector in = fromMemorySegment(F32, ALL, x + 4L * i, LE);
      FloatVector v = in.mul(sign).add(shift).max(LOWEST).min(HIGHEST);
      FloatVector shifted = v.mul(LOG2_E).add(ROUND);
      IntVector exponent = shifted.reinterpretAsInts();
      FloatVector whole = shifted.sub(ROUND);
      FloatVector r = whole.fma(FloatVector.broadcast(F32, -LN2_HIGH), v);
      r = whole.fma(FloatVector.broadcast(F32, -LN2_LOW), r);
      FloatVector p = FloatVector.broadcast(F32, 1f / 5040);
      p = p.fma(r, FloatVector.broadcast(F32, 1f / 720));
      p = p.fma(r, FloatVector.broadcast(F32, 1f / 120));
      p = p.fma(r, FloatVector.broadcast(F32, 1f / 24));
      p = p.fma(r, FloatVector.broadcast(F32, 1f / 6));
      p = p.fma(r, FloatVector.broadcast(F32, 0.5f));
      p = p.fma(r, FloatVector.broadcast(F32, 1f));
      p = p.fma(r, FloatVector.broadcast(F32, 1f));
      IntVector power = exponent.lanewise(VectorOperators.LSHL, 23).add(0x3f800000);
      p = p.mul(power.reinterpretAsFloats());
      sum = sum.add(p);
      long to = y + 4L * i;
      if (up == 0) {
        p.intoMemorySegment(ALL, to, LE);
      } else {
        in.div(p.add(1f))
            .mul(fromMemorySegment(F32, ALL, up + 4L * i, LE))
            .intoMemorySegment(ALL, to, LE);
      }
    }
    // Lanes.sum of a vector that is nowhere in memory.
    if (Lanes.COUNT > 8) {
      sum = sum.add(sum.rearrange(Lanes.BY_8));
    }
    if (Lanes.COUNT > 4) {
      sum = sum.add(sum.rearrange(Lanes.BY_4));
    }
    sum = sum.add(sum.rearrange(Lanes.BY_2));
    sum = sum.add(sum.rearrange(Lanes.BY_1));
    return sum.lane(0);
  }

  static float scalar(long x, long y, int from, int to, float sign, float shift) {
    float sum = 0;
    for (int i = from; i < to; i++) {
      float value = (float) Math.exp(Memory.f32(x + 4L * i) * sign + shift);
      Memory.f32(y + 4L * i, value);
      sum += value;
    }
    return sum;
  }
}
