package dev.diecast.replay.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Raw memory by address, for kernels. C2 hoists the bounds checks of an everything segment out of
 * loops, which it does not do for many small segments; every range is therefore checked once, when
 * a dispatch is bound.
 */
public final class Memory {
  /** All of the address space, from 0. */
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  /** The byte order of every file and buffer. */
  public static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  /** For the few loads that have to be the JDK's own calls, see {@code TokenProducts}. */
  public static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LE);

  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);
  private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LE);
  private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LE);

  private Memory() {}

  public static float f32(long address) {
    return ALL.get(F32, address);
  }

  public static void f32(long address, float value) {
    ALL.set(F32, address, value);
  }

  public static int i32(long address) {
    return ALL.get(I32, address);
  }

  public static void i32(long address, int value) {
    ALL.set(I32, address, value);
  }

  public static long i64(long address) {
    return ALL.get(I64, address);
  }

  public static void i64(long address, long value) {
    ALL.set(I64, address, value);
  }

  public static short i16(long address) {
    return ALL.get(I16, address);
  }

  public static void i16(long address, short value) {
    ALL.set(I16, address, value);
  }

  /** The float16 at an address, widened. */
  public static float f16(long address) {
    return Float.float16ToFloat(i16(address));
  }

  public static byte i8(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address);
  }
}
