package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
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

  private Lanes() {}

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
