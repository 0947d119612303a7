package dev.diecast.bindings.objc;

import java.util.Locale;

/**
 * What a message takes or returns, as the selector table names it.
 *
 * <p>Each type says what it occupies: {@code w} one integer register, {@code b} a byte, {@code d} a
 * floating-point register, and a letter of its own for each struct that travels as a struct.
 */
public enum ValueType {
  VOID(""),
  /** An object, or nil. */
  ID("w"),
  U64("w"),
  I64("w"),
  F64("d"),
  BOOL("b"),
  /** An address. */
  PTR("w"),
  /** The address of an array of objects. */
  IDS("w"),
  /** The address of a place for an {@code NSError}. */
  ERROR("w"),
  /** The address of a place for an object, or null. */
  OUT("w"),
  BLOCK("w"),
  /** The address of characters that end with a zero. */
  CSTR("w"),
  /** {@code NSRange}, which fills two integer registers just as two numbers would. */
  RANGE("ww"),
  /** {@code MTLSize}. */
  SIZE("s"),
  /** {@code MTLSizeAndAlign}. */
  SIZEALIGN("a"),
  /** {@code NSOperatingSystemVersion}. */
  VERSION("v");

  private final String places;

  ValueType(String places) {
    this.places = places;
  }

  String places() {
    return places;
  }

  static ValueType named(String name) {
    for (ValueType type : values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException("no type is called " + name);
  }
}
