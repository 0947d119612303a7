package dev.diecast.plans.gguf;

import dev.diecast.plans.PlanException;
import java.util.List;
import java.util.Optional;

/**
 * One metadata value of a GGUF. Every GGUF type maps onto one of these; {@code type} keeps the
 * width it was stored in.
 */
public sealed interface MetaValue {
  /** The GGUF value types, with their ids and sizes in bytes (0 for text and arrays). */
  enum Type {
    UINT8(0, 1),
    INT8(1, 1),
    UINT16(2, 2),
    INT16(3, 2),
    UINT32(4, 4),
    INT32(5, 4),
    FLOAT32(6, 4),
    BOOL(7, 1),
    STRING(8, 0),
    ARRAY(9, 0),
    UINT64(10, 8),
    INT64(11, 8),
    FLOAT64(12, 8);

    private final int id;
    private final int bytes;

    Type(int id, int bytes) {
      this.id = id;
      this.bytes = bytes;
    }

    /** The id in a file. */
    public int id() {
      return id;
    }

    /** The size of one value in bytes, 0 when it varies. */
    public int bytes() {
      return bytes;
    }

    /** The type with that id, or empty when there is none. */
    public static Optional<Type> ofId(int id) {
      for (Type type : values()) {
        if (type.id == id) {
          return Optional.of(type);
        }
      }
      return Optional.empty();
    }
  }

  /** An integer of any width; one of 64 unsigned bits keeps its bits. */
  record Int(Type type, long value) implements MetaValue {}

  /** A float of either width. */
  record Real(Type type, double value) implements MetaValue {}

  /** A boolean. */
  record Bool(boolean value) implements MetaValue {}

  /** UTF-8 text. */
  record Text(String value) implements MetaValue {}

  /** An array of integers of any width, held compactly. */
  record Ints(Type element, long[] values) implements MetaValue {}

  /** An array of floats of either width. */
  record Reals(Type element, double[] values) implements MetaValue {}

  /** An array of booleans. */
  record Bools(boolean[] values) implements MetaValue {}

  /** An array of texts. */
  record Texts(List<String> values) implements MetaValue {}

  /** An array of arrays. */
  record Nested(List<MetaValue> values) implements MetaValue {}

  /** This value as an integer; {@code where} starts the error when it is none. */
  default long asLong(String where) {
    return switch (this) {
      case Int v when v.type() == Type.UINT64 && v.value() < 0 ->
          throw new PlanException(
              where + " is " + Long.toUnsignedString(v.value()) + ", beyond 63 bits");
      case Int v -> v.value();
      default -> throw new PlanException(where + " is not an integer");
    };
  }

  /** This value as a number; {@code where} starts the error when it is none. */
  default double asDouble(String where) {
    return switch (this) {
      case Int v -> v.value();
      case Real v -> v.value();
      default -> throw new PlanException(where + " is not a number");
    };
  }

  /** This value as a flag; {@code where} starts the error when it is none. */
  default boolean asBoolean(String where) {
    return switch (this) {
      case Bool v -> v.value();
      case Int v -> v.value() != 0;
      default -> throw new PlanException(where + " is not a boolean");
    };
  }

  /** This value as text; {@code where} starts the error when it is none. */
  default String asText(String where) {
    return switch (this) {
      case Text v -> v.value();
      default -> throw new PlanException(where + " is not text");
    };
  }
}
