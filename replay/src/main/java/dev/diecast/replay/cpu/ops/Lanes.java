package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector widths of these kernels, all with the same number of lanes: whatever the machine
 * prefers for float32.
 */
final class Lanes {
  static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> I32 = IntVector.SPECIES_PREFERRED;
  static final VectorSpecies<Short> I16 =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F32.vectorBitSize() / 2));

  /** Values in a vector. */
  static final int COUNT = F32.length();

  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private Lanes() {}

  /**
   * The sum of all lanes, always in the same order. {@code reduceLanes} leaves the order open, and
   * compiled code takes another one than the interpreter: results would change when the compiler is
   * done.
   */
  static float sum(FloatVector values) {
    FloatVector v = values;
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

  static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(F32, Memory.ALL, address, Memory.LE);
  }

  static ShortVector loadHalves(long address) {
    return ShortVector.fromMemorySegment(I16, Memory.ALL, address, Memory.LE);
  }

  static void store(FloatVector values, long address) {
    values.intoMemorySegment(Memory.ALL, address, Memory.LE);
  }
}
