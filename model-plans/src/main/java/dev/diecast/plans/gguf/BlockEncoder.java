package dev.diecast.plans.gguf;

import dev.diecast.plans.PlanException;
import java.lang.foreign.MemorySegment;

/**
 * A plain scalar quantiser into the formats that {@link BlockDecoder} reads, for tests and tools
 * that build small models. It rounds to the nearest step of a scale that fits the extremes; it does
 * not search for better scales.
 */
public final class BlockEncoder {
  /** Encodes one block of values from index {@code at} on. */
  interface Format {
    void encode(float[] from, int at, MemorySegment to, long offset);
  }

  private BlockEncoder() {}

  /**
   * Encodes {@code count} values, whole blocks, from index {@code at} on, to byte {@code offset}
   * on. The values must be finite and within the range of half precision.
   */
  public static void encode(
      TensorType type, float[] from, int at, int count, MemorySegment to, long offset) {
    Format format = format(type);
    long bytes = type.rowBytes(count);
    int next = at;
    for (long p = offset; p < offset + bytes; p += type.blockBytes()) {
      format.encode(from, next, to, p);
      next += type.blockValues();
    }
  }

  private static Format format(TensorType type) {
    return switch (type) {
      case F32 -> (from, at, to, offset) -> to.set(FloatFormats.FLOAT, offset, from[at]);
      case F16 -> (from, at, to, offset) -> half(to, offset, from[at]);
      case BF16 -> (from, at, to, offset) -> to.set(FloatFormats.SHORT, offset, bf16(from[at]));
      case Q4_0 -> LegacyEncoders::q4Zero;
      case Q4_1 -> LegacyEncoders::q4One;
      case Q5_0 -> LegacyEncoders::q5Zero;
      case Q5_1 -> LegacyEncoders::q5One;
      case Q8_0 -> LegacyEncoders::q8Zero;
      case Q4_K -> KEncoders::q4;
      case Q5_K -> KEncoders::q5;
      case Q6_K -> KEncoders::q6;
      default -> throw new PlanException("tensor type " + type + " cannot be encoded yet");
    };
  }

  /** The upper half of a float32, rounded to nearest, ties to even. */
  private static short bf16(float value) {
    int bits = Float.floatToIntBits(value);
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /** Stores a scale in half precision and returns what it became. */
  static double half(MemorySegment to, long offset, double value) {
    short bits = Float.floatToFloat16((float) value);
    to.set(FloatFormats.SHORT, offset, bits);
    return Float.float16ToFloat(bits);
  }

  /** The step nearest to value / scale, within bounds; 0 stands for no scale. */
  static int step(double value, double scale, int least, int most) {
    return scale == 0 ? 0 : Math.clamp(Math.round(value / scale), least, most);
  }
}
