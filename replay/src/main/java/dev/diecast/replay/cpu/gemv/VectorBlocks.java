package dev.diecast.replay.cpu.gemv;

import static dev.diecast.replay.cpu.Memory.f16;
import static dev.diecast.replay.cpu.gemv.Lanes.COUNT;
import static dev.diecast.replay.cpu.gemv.Lanes.F;
import static dev.diecast.replay.cpu.gemv.Lanes.I;
import static dev.diecast.replay.cpu.gemv.Lanes.NARROW_B;
import static dev.diecast.replay.cpu.gemv.Lanes.fourBytes;
import static dev.diecast.replay.cpu.gemv.Lanes.shorts;
import static dev.diecast.replay.cpu.gemv.Lanes.signedBytes;
import static dev.diecast.replay.cpu.gemv.Lanes.unsignedBytes;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Block decoding at the width of {@link Lanes}, for every type. Same values as the scalar one.
 *
 * <p>Helpers that return vectors come first in each loop, then only the JDK's force-inlined
 * methods: behind some thirty operations on vectors or memory C2 inlines no other call, and boxes
 * the vector that one returns. The K types spell their loads out for the same reason.
 */
final class VectorBlocks {
  /** Multiplying by it undoes the exponent bias that a widened float16 pattern lacks. */
  static final float F16_BIAS = 0x1p112f;

  private static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;

  private VectorBlocks() {}

  /** The decoder of a runnable type. */
  static BlockDecoder of(TensorType type) {
    return switch (type) {
      case F32 -> (p, count, y) -> MemorySegment.copy(Memory.ALL, p, Memory.ALL, y, 4 * count);
      case F16 -> VectorBlocks::f16Values;
      case BF16 -> VectorBlocks::bf16Values;
      case Q8_0 -> VectorBlocks::q80;
      case Q4_0 -> VectorBlocks::q40;
      case Q4_1 -> VectorBlocks::q41;
      case Q5_0 -> VectorBlocks::q50;
      case Q5_1 -> VectorBlocks::q51;
      case Q4_K -> VectorBlocks::q4k;
      case Q5_K -> VectorBlocks::q5k;
      case Q6_K -> VectorBlocks::q6k;
      default -> throw new IllegalArgumentException("no kernels for " + type);
    };
  }

  private static void f16Values(long p, long count, long y) {
    long i = 0;
    for (; i + COUNT <= count; i += COUNT) {
      // Sign and the 15 bits below it move to a float's places; infinities and NaN, which no weight
      // has, become large numbers.
      shorts(p + 2 * i)
          .lanewise(LSHL, 13)
          .and(0x8fffe000)
          .reinterpretAsFloats()
          .mul(F16_BIAS)
          .intoMemorySegment(Memory.ALL, y + 4L * i, Memory.LE);
    }
    for (; i < count; i++) {
      Memory.f32(y + 4L * i, f16(p + 2 * i));
    }
  }

  private static void bf16Values(long p, long count, long y) {
    long i = 0;
    for (; i + COUNT <= count; i += COUNT) {
      shorts(p + 2 * i)
          .lanewise(LSHL, 16)
          .reinterpretAsFloats()
          .intoMemorySegment(Memory.ALL, y + 4L * i, Memory.LE);
    }
    for (; i < count; i++) {
      Memory.f32(y + 4L * i, Float.intBitsToFloat(Memory.i16(p + 2 * i) << 16));
    }
  }

  private static void q80(long p, long count, long y) {
    for (long end = y + 4 * count; y < end; p += 34, y += 128) {
      float d = f16(p);
      for (int i = 0; i < 32; i += COUNT) {
        ((FloatVector) signedBytes(p + 2 + i).convertShape(I2F, F, 0))
            .mul(d)
            .intoMemorySegment(Memory.ALL, y + 4L * i, Memory.LE);
      }
    }
  }

  private static void q40(long p, long count, long y) {
    for (long end = y + 4 * count; y < end; p += 18, y += 128) {
      float d = f16(p);
      for (int i = 0; i < 16; i += COUNT) {
        IntVector q = unsignedBytes(p + 2 + i);
        ((FloatVector) q.and(15).sub(8).convertShape(I2F, F, 0))
            .mul(d)
            .intoMemorySegment(Memory.ALL, y + 4L * i, Memory.LE);
        ((FloatVector) q.lanewise(LSHR, 4).sub(8).convertShape(I2F, F, 0))
            .mul(d)
            .intoMemorySegment(Memory.ALL, y + 64 + 4L * i, Memory.LE);
      }
    }
  }

  private static void q41(long p, long count, long y) {
    for (long end = y + 4 * count; y < end; p += 20, y += 128) {
      FloatVector d = FloatVector.broadcast(F, f16(p));
      FloatVector m = FloatVector.broadcast(F, f16(p + 2));
      for (int i = 0; i < 16; i += COUNT) {
        IntVector q = unsignedBytes(p + 4 + i);
        ((FloatVector) q.and(15).convertShape(I2F, F, 0))
            .fma(d, m)
            .intoMemorySegment(Memory.ALL, y + 4L * i, Memory.LE);
        ((FloatVector) q.lanewise(LSHR, 4).convertShape(I2F, F, 0))
            .fma(d, m)
            .intoMemorySegment(Memory.ALL, y + 64 + 4L * i, Memory.LE);
      }
    }
  }

  private static void q50(long p, long count, long y) {
    for (long end = y + 4 * count; y < end; p += 22, y += 128) {
      float d = f16(p);
      int high = Memory.i32(p + 2);
      for (int i = 0; i < 16; i += COUNT) {
        IntVector q = unsignedBytes(p + 6 + i);
        IntVector h0 = fifthBits(high >>> i);
        IntVector h1 = fifthBits(high >>> (16 + i));
        ((FloatVector) q.and(15).or(h0).sub(16).convertShape(I2F, F, 0))
            .mul(d)
            .intoMemorySegment(Memory.ALL, y + 4L * i, Memory.LE);
        ((FloatVector) q.lanewise(LSHR, 4).or(h1).sub(16).convertShape(I2F, F, 0))
            .mul(d)
            .intoMemorySegment(Memory.ALL, y + 64 + 4L * i, Memory.LE);
      }
    }
  }

  private static void q51(long p, long count, long y) {
    for (long end = y + 4 * count; y < end; p += 24, y += 128) {
      FloatVector d = FloatVector.broadcast(F, f16(p));
      FloatVector m = FloatVector.broadcast(F, f16(p + 2));
      int high = Memory.i32(p + 4);
      for (int i = 0; i < 16; i += COUNT) {
        IntVector q = unsignedBytes(p + 8 + i);
        IntVector h0 = fifthBits(high >>> i);
        IntVector h1 = fifthBits(high >>> (16 + i));
        ((FloatVector) q.and(15).or(h0).convertShape(I2F, F, 0))
            .fma(d, m)
            .intoMemorySegment(Memory.ALL, y + 4L * i, Memory.LE);
        ((FloatVector) q.lanewise(LSHR, 4).or(h1).convertShape(I2F, F, 0))
            .fma(d, m)
            .intoMemorySegment(Memory.ALL, y + 64 + 4L * i, Memory.LE);
      }
    }
  }

  private static void q4k(long p, long count, long y) {
    for (long end = y + 4 * count; y < end; p += 144) {
      float d = f16(p);
      float dmin = f16(p + 2);
      for (int j = 0; j < 8; j += 2, y += 256) {
        FloatVector d0 = FloatVector.broadcast(F, d * ScalarBlocks.scale(p + 4, j));
        FloatVector d1 = FloatVector.broadcast(F, d * ScalarBlocks.scale(p + 4, j + 1));
        FloatVector m0 = FloatVector.broadcast(F, -(dmin * ScalarBlocks.min(p + 4, j)));
        FloatVector m1 = FloatVector.broadcast(F, -(dmin * ScalarBlocks.min(p + 4, j + 1)));
        for (int i = 0; i < 32; i += COUNT) {
          IntVector q =
              COUNT == 4
                  ? fourBytes(p + 16 + 16L * j + i)
                  : (IntVector)
                      ByteVector.fromMemorySegment(
                              NARROW_B, Memory.ALL, p + 16 + 16L * j + i, Memory.LE)
                          .convertShape(ZERO_EXTEND_B2I, I, 0);
          ((FloatVector) q.and(15).convertShape(I2F, F, 0))
              .fma(d0, m0)
              .intoMemorySegment(Memory.ALL, y + 4L * i, Memory.LE);
          ((FloatVector) q.lanewise(LSHR, 4).convertShape(I2F, F, 0))
              .fma(d1, m1)
              .intoMemorySegment(Memory.ALL, y + 128 + 4L * i, Memory.LE);
        }
      }
    }
  }

  private static void q5k(long p, long count, long y) {
    for (long end = y + 4 * count; y < end; p += 176) {
      float d = f16(p);
      float dmin = f16(p + 2);
      for (int j = 0; j < 8; j += 2, y += 256) {
        FloatVector d0 = FloatVector.broadcast(F, d * ScalarBlocks.scale(p + 4, j));
        FloatVector d1 = FloatVector.broadcast(F, d * ScalarBlocks.scale(p + 4, j + 1));
        FloatVector m0 = FloatVector.broadcast(F, -(dmin * ScalarBlocks.min(p + 4, j)));
        FloatVector m1 = FloatVector.broadcast(F, -(dmin * ScalarBlocks.min(p + 4, j + 1)));
        for (int i = 0; i < 32; i += COUNT) {
          IntVector q =
              COUNT == 4
                  ? fourBytes(p + 48 + 16L * j + i)
                  : (IntVector)
                      ByteVector.fromMemorySegment(
                              NARROW_B, Memory.ALL, p + 48 + 16L * j + i, Memory.LE)
                          .convertShape(ZERO_EXTEND_B2I, I, 0);
          IntVector fifth =
              COUNT == 4
                  ? fourBytes(p + 16 + i)
                  : (IntVector)
                      ByteVector.fromMemorySegment(NARROW_B, Memory.ALL, p + 16 + i, Memory.LE)
                          .convertShape(ZERO_EXTEND_B2I, I, 0);
          IntVector high = fifth.lanewise(LSHR, j);
          IntVector h0 = high.and(1).lanewise(LSHL, 4);
          IntVector h1 = high.and(2).lanewise(LSHL, 3);
          ((FloatVector) q.and(15).or(h0).convertShape(I2F, F, 0))
              .fma(d0, m0)
              .intoMemorySegment(Memory.ALL, y + 4L * i, Memory.LE);
          ((FloatVector) q.lanewise(LSHR, 4).or(h1).convertShape(I2F, F, 0))
              .fma(d1, m1)
              .intoMemorySegment(Memory.ALL, y + 128 + 4L * i, Memory.LE);
        }
      }
    }
  }

  private static void q6k(long p, long count, long y) {
    for (long end = y + 4 * count; y < end; p += 210) {
      float d = f16(p + 208);
      for (int half = 0; half < 2; half++, y += 512) {
        long scales = p + 192 + 8L * half;
        for (int i = 0; i < 32; i += COUNT) {
          IntVector low0 =
              COUNT == 4
                  ? fourBytes(p + 64L * half + i)
                  : (IntVector)
                      ByteVector.fromMemorySegment(
                              NARROW_B, Memory.ALL, p + 64L * half + i, Memory.LE)
                          .convertShape(ZERO_EXTEND_B2I, I, 0);
          IntVector low1 =
              COUNT == 4
                  ? fourBytes(p + 64L * half + 32 + i)
                  : (IntVector)
                      ByteVector.fromMemorySegment(
                              NARROW_B, Memory.ALL, p + 64L * half + 32 + i, Memory.LE)
                          .convertShape(ZERO_EXTEND_B2I, I, 0);
          IntVector high =
              COUNT == 4
                  ? fourBytes(p + 128 + 32L * half + i)
                  : (IntVector)
                      ByteVector.fromMemorySegment(
                              NARROW_B, Memory.ALL, p + 128 + 32L * half + i, Memory.LE)
                          .convertShape(ZERO_EXTEND_B2I, I, 0);
          long s = scales + i / 16;
          float d0 = d * Memory.ALL.get(I8, s);
          float d1 = d * Memory.ALL.get(I8, s + 2);
          float d2 = d * Memory.ALL.get(I8, s + 4);
          float d3 = d * Memory.ALL.get(I8, s + 6);
          IntVector q0 = low0.and(15).or(high.and(3).lanewise(LSHL, 4));
          IntVector q1 = low1.and(15).or(high.and(12).lanewise(LSHL, 2));
          IntVector q2 = low0.lanewise(LSHR, 4).or(high.and(48));
          IntVector q3 = low1.lanewise(LSHR, 4).or(high.and(192).lanewise(LSHR, 2));
          ((FloatVector) q0.sub(32).convertShape(I2F, F, 0))
              .mul(d0)
              .intoMemorySegment(Memory.ALL, y + 4L * i, Memory.LE);
          ((FloatVector) q1.sub(32).convertShape(I2F, F, 0))
              .mul(d1)
              .intoMemorySegment(Memory.ALL, y + 128 + 4L * i, Memory.LE);
          ((FloatVector) q2.sub(32).convertShape(I2F, F, 0))
              .mul(d2)
              .intoMemorySegment(Memory.ALL, y + 256 + 4L * i, Memory.LE);
          ((FloatVector) q3.sub(32).convertShape(I2F, F, 0))
              .mul(d3)
              .intoMemorySegment(Memory.ALL, y + 384 + 4L * i, Memory.LE);
        }
      }
    }
  }

  /** 16 in every lane whose bit is set: bit i for lane i. */
  private static IntVector fifthBits(int bits) {
    return IntVector.broadcast(Lanes.I, bits).lanewise(LSHR, Lanes.INDEX).and(1).lanewise(LSHL, 4);
  }
}
