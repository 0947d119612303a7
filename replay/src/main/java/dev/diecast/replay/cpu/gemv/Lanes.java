package dev.diecast.replay.cpu.gemv;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.S2I;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width of this process, as constants that C2 folds, and the few loads and the one sum
 * that do not depend on a weight type. Used in small loops only: inlining of vector helpers stops
 * at a node count, and a vector that crosses a call is boxed.
 */
final class Lanes {
  static final VectorSpecies<Float> F =
      switch (VectorWidth.chosen()) {
        case W512 -> FloatVector.SPECIES_512;
        case W256 -> FloatVector.SPECIES_256;
        case W128, SCALAR -> FloatVector.SPECIES_128;
      };
  static final VectorSpecies<Integer> I = F.withLanes(int.class);

  /** Floats per vector: 16, 8 or 4. */
  static final int COUNT = F.length();

  /** Bytes per vector. */
  static final int BYTES = 4 * COUNT;

  /** Widest vector of any machine, in bytes: the room that scratch layouts leave. */
  static final int WIDEST = 64;

  /** 0, 1, 2, ... per lane. */
  static final IntVector INDEX = IntVector.broadcast(I, 0).addIndex(1);

  /** At least {@link #COUNT} bytes; exactly as many unless that is 4. */
  static final VectorSpecies<Byte> NARROW_B =
      COUNT == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  private static final VectorSpecies<Short> NARROW_S =
      COUNT == 16
          ? ShortVector.SPECIES_256
          : COUNT == 8 ? ShortVector.SPECIES_128 : ShortVector.SPECIES_64;
  private static final IntVector BYTE_SHIFT = INDEX.and(3).lanewise(LSHL, 3);
  private static final VectorShuffle<Float> BY_8 = rotate(8);
  private static final VectorShuffle<Float> BY_4 = rotate(4);
  private static final VectorShuffle<Float> BY_2 = rotate(2);
  private static final VectorShuffle<Float> BY_1 = rotate(1);

  private Lanes() {}

  /** {@link #COUNT} unsigned bytes, widened. */
  static IntVector unsignedBytes(long address) {
    if (COUNT == 4) {
      return fourBytes(address);
    }
    return (IntVector)
        ByteVector.fromMemorySegment(NARROW_B, Memory.ALL, address, Memory.LE)
            .convertShape(ZERO_EXTEND_B2I, I, 0);
  }

  /** The same where {@link #COUNT} is 4, the one width without a species for the bytes. */
  static IntVector fourBytes(long address) {
    return IntVector.broadcast(I, Memory.i32(address)).lanewise(LSHR, BYTE_SHIFT).and(255);
  }

  /** {@link #COUNT} signed bytes, widened. */
  static IntVector signedBytes(long address) {
    if (COUNT == 4) {
      return unsignedBytes(address).lanewise(LSHL, 24).lanewise(ASHR, 24);
    }
    return (IntVector)
        ByteVector.fromMemorySegment(NARROW_B, Memory.ALL, address, Memory.LE)
            .convertShape(B2I, I, 0);
  }

  /** {@link #COUNT} signed 16-bit integers, widened. */
  static IntVector shorts(long address) {
    return (IntVector)
        ShortVector.fromMemorySegment(NARROW_S, Memory.ALL, address, Memory.LE)
            .convertShape(S2I, I, 0);
  }

  /**
   * Sums one vector per row: {@code sums[r] = scale * partials[r]}, added as a fixed tree. The
   * order of {@code reduceLanes} is unspecified and differs between interpreter and compiled code,
   * which would let a result depend on when C2 was done.
   */
  static void sumRows(long partials, int rows, float scale, long sums) {
    for (int r = 0; r < rows; r++) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, Memory.ALL, partials + (long) r * BYTES, Memory.LE);
      if (COUNT > 8) {
        v = v.add(v.rearrange(BY_8));
      }
      if (COUNT > 4) {
        v = v.add(v.rearrange(BY_4));
      }
      v = v.add(v.rearrange(BY_2));
      v = v.add(v.rearrange(BY_1));
      Memory.f32(sums + 4L * r, v.lane(0) * scale);
    }
  }

  private static VectorShuffle<Float> rotate(int by) {
    return VectorShuffle.fromOp(F, lane -> (lane + by) % COUNT);
  }
}
