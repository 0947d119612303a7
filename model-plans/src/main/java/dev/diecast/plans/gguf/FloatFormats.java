package dev.diecast.plans.gguf;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The float formats; a block is one value. */
final class FloatFormats {
  static final ValueLayout.OfFloat FLOAT = JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FloatFormats() {}

  static void f32(MemorySegment from, long offset, double[] to, int at) {
    to[at] = from.get(FLOAT, offset);
  }

  static void f16(MemorySegment from, long offset, double[] to, int at) {
    to[at] = half(from, offset);
  }

  static void bf16(MemorySegment from, long offset, double[] to, int at) {
    to[at] = Float.intBitsToFloat(from.get(SHORT, offset) << 16);
  }

  /** The half-precision value at a byte offset. */
  static double half(MemorySegment from, long offset) {
    return Float.float16ToFloat(from.get(SHORT, offset));
  }
}
