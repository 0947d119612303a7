package dev.diecast.kernels.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Optional;

/** Types of single values, under the names of a check's comments and those of MSL. */
enum Scalar {
  F32(4),
  F16(2),
  BF16(2),
  I8(1),
  U8(1),
  I16(2),
  U16(2),
  I32(4),
  U32(4),
  I64(8),
  U64(8);

  private final long bytes;

  Scalar(long bytes) {
    this.bytes = bytes;
  }

  long bytes() {
    return bytes;
  }

  boolean isFloat() {
    return this == F32 || this == F16 || this == BF16;
  }

  /** By a name such as {@code f32}. */
  static Optional<Scalar> named(String name) {
    for (Scalar scalar : values()) {
      if (scalar.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(scalar);
      }
    }
    return Optional.empty();
  }

  /** By a type of MSL. */
  static Optional<Scalar> ofMsl(String type) {
    return switch (type) {
      case "float" -> Optional.of(F32);
      case "half" -> Optional.of(F16);
      case "bfloat" -> Optional.of(BF16);
      case "char", "int8_t" -> Optional.of(I8);
      case "bool", "uchar", "uint8_t" -> Optional.of(U8);
      case "short", "int16_t" -> Optional.of(I16);
      case "ushort", "uint16_t" -> Optional.of(U16);
      case "int", "int32_t" -> Optional.of(I32);
      case "uint", "uint32_t", "unsigned", "unsigned int" -> Optional.of(U32);
      case "long", "int64_t" -> Optional.of(I64);
      case "ulong", "uint64_t", "size_t" -> Optional.of(U64);
      default -> Optional.empty();
    };
  }

  /** Stores a value, rounded to the type. */
  void store(MemorySegment to, long offset, double value) {
    switch (this) {
      case F32 -> to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset, (float) value);
      case F16 ->
          to.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, Float.floatToFloat16((float) value));
      case BF16 -> to.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, bfloat16((float) value));
      case I8, U8 -> to.set(ValueLayout.JAVA_BYTE, offset, (byte) (long) value);
      case I16, U16 -> to.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) (long) value);
      case I32, U32 -> to.set(ValueLayout.JAVA_INT_UNALIGNED, offset, (int) (long) value);
      case I64, U64 -> to.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, (long) value);
    }
  }

  /** Rounds to the nearest, ties to even. */
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
