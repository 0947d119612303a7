package dev.diecast.plans.gguf;

import dev.diecast.plans.PlanException;
import java.lang.foreign.MemorySegment;

/**
 * The plain scalar dequantiser: what the bytes of a tensor mean. Kernels and the float64
 * interpreter are held against it. The formats are those of ggml's {@code ggml-common.h}; a value
 * is the exact real number that the format defines, such as {@code d * scale * q - dmin * min},
 * which float64 holds without rounding.
 */
public final class BlockDecoder {
  /** Decodes one block into {@code to} from index {@code at} on. */
  interface Format {
    void decode(MemorySegment from, long offset, double[] to, int at);
  }

  private BlockDecoder() {}

  /**
   * Decodes {@code count} values, whole blocks, whose first block starts at byte {@code offset},
   * into {@code to} from index {@code at} on.
   */
  public static void decode(
      TensorType type, MemorySegment from, long offset, int count, double[] to, int at) {
    Format format = format(type);
    long bytes = type.rowBytes(count);
    int values = type.blockValues();
    int next = at;
    for (long p = offset; p < offset + bytes; p += type.blockBytes()) {
      format.decode(from, p, to, next);
      next += values;
    }
  }

  /** As the other {@code decode}; every value is rounded once, to float32. */
  public static void decode(
      TensorType type, MemorySegment from, long offset, int count, float[] to, int at) {
    Format format = format(type);
    long bytes = type.rowBytes(count);
    double[] block = new double[type.blockValues()];
    int next = at;
    for (long p = offset; p < offset + bytes; p += type.blockBytes()) {
      format.decode(from, p, block, 0);
      for (double value : block) {
        to[next++] = (float) value;
      }
    }
  }

  private static Format format(TensorType type) {
    return switch (type) {
      case F32 -> FloatFormats::f32;
      case F16 -> FloatFormats::f16;
      case BF16 -> FloatFormats::bf16;
      case Q4_0 -> LegacyFormats::q4Zero;
      case Q4_1 -> LegacyFormats::q4One;
      case Q5_0 -> LegacyFormats::q5Zero;
      case Q5_1 -> LegacyFormats::q5One;
      case Q8_0 -> LegacyFormats::q8Zero;
      case Q4_K -> KFormats::q4;
      case Q5_K -> KFormats::q5;
      case Q6_K -> KFormats::q6;
      default -> throw new PlanException("tensor type " + type + " cannot be decoded yet");
    };
  }
}
