package dev.diecast.tools.inspect;

import dev.diecast.plans.gguf.MetaValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** Metadata values in a line: long arrays show their beginning and their length. */
final class MetaText {
  /** Elements of an array that are shown. */
  static final int SHOWN = 8;

  private static final int TEXT = 80;
  private static final int ELEMENT_TEXT = 20;

  private MetaText() {}

  /** The type as GGUF names it: {@code uint32}, {@code array of string}. */
  static String type(MetaValue value) {
    return switch (value) {
      case MetaValue.Int v -> name(v.type());
      case MetaValue.Real v -> name(v.type());
      case MetaValue.Bool _ -> "bool";
      case MetaValue.Text _ -> "string";
      case MetaValue.Ints v -> "array of " + name(v.element());
      case MetaValue.Reals v -> "array of " + name(v.element());
      case MetaValue.Bools _ -> "array of bool";
      case MetaValue.Texts _ -> "array of string";
      case MetaValue.Nested _ -> "array of array";
    };
  }

  /** Elements of an array, -1 for a single value. */
  static int count(MetaValue value) {
    return switch (value) {
      case MetaValue.Int _, MetaValue.Real _, MetaValue.Bool _, MetaValue.Text _ -> -1;
      case MetaValue.Ints v -> v.values().length;
      case MetaValue.Reals v -> v.values().length;
      case MetaValue.Bools v -> v.values().length;
      case MetaValue.Texts v -> v.values().size();
      case MetaValue.Nested v -> v.values().size();
    };
  }

  static String value(MetaValue value) {
    return switch (value) {
      case MetaValue.Int v -> integer(v.type(), v.value());
      case MetaValue.Real v -> real(v.type(), v.value());
      case MetaValue.Bool v -> String.valueOf(v.value());
      case MetaValue.Text v -> quoted(v.value(), TEXT);
      case MetaValue.Ints v -> array(v.values().length, i -> integer(v.element(), v.values()[i]));
      case MetaValue.Reals v -> array(v.values().length, i -> real(v.element(), v.values()[i]));
      case MetaValue.Bools v -> array(v.values().length, i -> String.valueOf(v.values()[i]));
      case MetaValue.Texts v ->
          array(v.values().size(), i -> quoted(v.values().get(i), ELEMENT_TEXT));
      case MetaValue.Nested v ->
          array(v.values().size(), i -> "[" + count(v.values().get(i)) + " values]");
    };
  }

  static String integer(MetaValue.Type type, long value) {
    return type == MetaValue.Type.UINT64 ? Long.toUnsignedString(value) : Long.toString(value);
  }

  // A float32 as it was stored, not as its nearest double prints.
  static String real(MetaValue.Type type, double value) {
    return type == MetaValue.Type.FLOAT32 ? Float.toString((float) value) : Double.toString(value);
  }

  private static String array(int count, IntFunction<String> element) {
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < Math.min(count, SHOWN); i++) {
      shown.add(element.apply(i));
    }
    String more = count > SHOWN ? ", ... " + count + " values" : "";
    return "[" + String.join(", ", shown) + more + "]";
  }

  private static String quoted(String text, int limit) {
    return '"' + Display.text(text, limit) + '"';
  }

  private static String name(MetaValue.Type type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
