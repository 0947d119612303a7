package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector widths of these kernels, all with the same number of lanes: whatever the machine
 * prefers for float32.
 *
 * <p>No method here takes or returns a vector, and none of the kernels' may: where C2 does not
 * inline such a call, and when it does depends on what was compiled before, every vector that
 * crosses it is an object. The JDK's own vector methods it always inlines.
 */
final class Lanes {
  static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> I32 = IntVector.SPECIES_PREFERRED;
  static final VectorSpecies<Short> I16 =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F32.vectorBitSize() / 2));

  /** Values in a vector. */
  static final int COUNT = F32.length();

  /** Lanes turned by that many, for sums in a fixed order. */
  static final VectorShuffle<Float> BY_8 = rotation(8);

  static final VectorShuffle<Float> BY_4 = rotation(4);
  static final VectorShuffle<Float> BY_2 = rotation(2);
  static final VectorShuffle<Float> BY_1 = rotation(1);

  private Lanes() {}

  /**
   * The sum of the lanes of a vector in memory, always in the same order. {@code reduceLanes}
   * leaves the order open, and compiled code takes another one than the interpreter: results would
   * change when the compiler is done.
   */
  static float sum(long address) {
    FloatVector v = FloatVector.fromMemorySegment(F32, Memory.ALL, address, Memory.LE);
    if (COUNT > 8) {
      v = v.add(v.rearrange(BY_8));
    }
    if (COUNT > 4) {
      v = v.add(v.rearrange(BY_4));
    }
    v = v.add(v.rearrange(BY_2));
    return v.add(v.rearrange(BY_1)).lane(0);
  }

  private static VectorShuffle<Float> rotation(int by) {
    return VectorShuffle.fromOp(F32, i -> (i + by) % COUNT);
  }
}
