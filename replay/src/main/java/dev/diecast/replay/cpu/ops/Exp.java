package dev.diecast.replay.cpu.ops;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * e^x in float32 lanes, within 2 ulp of the exact value. With n the integer nearest to x / ln 2 and
 * r = x - n ln 2, e^x = 2^n e^r; |r| <= 0.347, where the Taylor polynomial of degree 7 is off by
 * less than 6e-9. Results below the smallest normal float are 0, NaN stays NaN.
 */
final class Exp {
  private static final float LOG2_E = (float) 1.4426950408889634;
  private static final float LN2_HIGH = 0x1.62e4p-1f; // few bits, so that n * LN2_HIGH is exact
  private static final float LN2_LOW = (float) (0.6931471805599453 - LN2_HIGH);
  private static final float ROUND =
      0x1.8p23f; // adding it leaves the nearest integer in the low bits
  private static final float LOWEST = -87.33654f; // ln of the smallest normal float
  private static final float HIGHEST = 88.37626f; // 2^n would overflow above

  private Exp() {}

  static FloatVector of(FloatVector x) {
    FloatVector shifted = x.min(HIGHEST).mul(LOG2_E).add(ROUND);
    IntVector exponent = shifted.reinterpretAsInts();
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(FloatVector.broadcast(Lanes.F32, -LN2_HIGH), x.min(HIGHEST));
    r = n.fma(FloatVector.broadcast(Lanes.F32, -LN2_LOW), r);
    FloatVector p = FloatVector.broadcast(Lanes.F32, 1f / 5040);
    p = p.fma(r, FloatVector.broadcast(Lanes.F32, 1f / 720));
    p = p.fma(r, FloatVector.broadcast(Lanes.F32, 1f / 120));
    p = p.fma(r, FloatVector.broadcast(Lanes.F32, 1f / 24));
    p = p.fma(r, FloatVector.broadcast(Lanes.F32, 1f / 6));
    p = p.fma(r, FloatVector.broadcast(Lanes.F32, 0.5f));
    p = p.fma(r, FloatVector.broadcast(Lanes.F32, 1f));
    p = p.fma(r, FloatVector.broadcast(Lanes.F32, 1f));
    FloatVector power =
        exponent.lanewise(VectorOperators.LSHL, 23).add(0x3f800000).reinterpretAsFloats();
    return p.mul(power).blend(0f, x.compare(VectorOperators.LT, LOWEST));
  }
}
