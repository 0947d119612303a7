package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.Memory.ALL;
import static dev.diecast.replay.cpu.Memory.LE;
import static dev.diecast.replay.cpu.ops.Lanes.F32;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Rows of float16 widened to float32. */
final class Halves {
  private Halves() {}

  /**
   * Moves exponent and fraction of a half to their place in a float and multiplies by 2^112, the
   * difference of the exponent biases, which also normalises subnormals. Infinity and NaN get all
   * exponent bits.
   */
  static void widen(long halves, long floats, int n) {
    int body = F32.loopBound(n);
    for (int i = 0; i < body; i += Lanes.COUNT) {
      IntVector bits =
          (IntVector)
              ShortVector.fromMemorySegment(Lanes.I16, ALL, halves + 2L * i, LE)
                  .convertShape(VectorOperators.S2I, Lanes.I32, 0);
      IntVector moved = bits.lanewise(VectorOperators.LSHL, 13).and(0x8fffe000);
      FloatVector value = moved.reinterpretAsFloats().mul(0x1p112f);
      VectorMask<Integer> special = bits.and(0x7c00).compare(VectorOperators.EQ, 0x7c00);
      value
          .blend(moved.or(0x7f800000).reinterpretAsFloats(), special.cast(F32))
          .intoMemorySegment(ALL, floats + 4L * i, LE);
    }
    scalar(halves, floats, body, n);
  }

  static void scalar(long halves, long floats, int from, int to) {
    for (int i = from; i < to; i++) {
      Memory.f32(floats + 4L * i, Memory.f16(halves + 2L * i));
    }
  }
}
