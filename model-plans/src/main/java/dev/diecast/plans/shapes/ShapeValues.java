package dev.diecast.plans.shapes;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.MetaValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Metadata values in a shape file: a type as GGUF names it, in lower case, and the value; an array
 * has {@code []} after the type, and any number of values.
 */
final class ShapeValues {
  private static final String ARRAY = "[]";
  private static final Pattern REAL =
      Pattern.compile("[-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?|NaN|-?Infinity");

  private ShapeValues() {}

  /** Type and value, or null for what a shape file does not hold: arrays in arrays. */
  static @Nullable String text(MetaValue value) {
    return switch (value) {
      case MetaValue.Int v -> label(v.type()) + " " + integer(v.type(), v.value());
      case MetaValue.Real v -> label(v.type()) + " " + real(v.type(), v.value());
      case MetaValue.Bool v -> "bool " + v.value();
      case MetaValue.Text v -> "string " + ShapeWords.quoted(v.value());
      case MetaValue.Ints v ->
          array(
              v.element(),
              Arrays.stream(v.values()).mapToObj(i -> integer(v.element(), i)).toList());
      case MetaValue.Reals v ->
          array(
              v.element(), Arrays.stream(v.values()).mapToObj(r -> real(v.element(), r)).toList());
      case MetaValue.Bools v ->
          array(
              MetaValue.Type.BOOL,
              IntStream.range(0, v.values().length).mapToObj(i -> "" + v.values()[i]).toList());
      case MetaValue.Texts v ->
          array(MetaValue.Type.STRING, v.values().stream().map(ShapeWords::quoted).toList());
      case MetaValue.Nested _ -> null;
    };
  }

  /** The value of that type; a {@link PlanException} that starts with {@code where} otherwise. */
  static MetaValue parse(String where, String type, List<String> words) {
    boolean array = type.endsWith(ARRAY);
    String element = array ? type.substring(0, type.length() - ARRAY.length()) : type;
    MetaValue.Type known =
        Arrays.stream(MetaValue.Type.values())
            .filter(each -> each != MetaValue.Type.ARRAY && label(each).equals(element))
            .findFirst()
            .orElseThrow(() -> new PlanException(where + ": '" + type + "' is no type of value"));
    if (!array && words.size() != 1) {
      throw new PlanException(where + ": " + words.size() + " values, not 1");
    }
    return array ? array(where, known, words) : scalar(where, known, words.getFirst());
  }

  private static MetaValue scalar(String where, MetaValue.Type type, String word) {
    return switch (type) {
      case BOOL -> new MetaValue.Bool(flag(where, word));
      case STRING -> new MetaValue.Text(word);
      case FLOAT32, FLOAT64 -> new MetaValue.Real(type, real(where, type, word));
      default -> new MetaValue.Int(type, integer(where, type, word));
    };
  }

  private static MetaValue array(String where, MetaValue.Type type, List<String> words) {
    return switch (type) {
      case BOOL -> {
        boolean[] flags = new boolean[words.size()];
        for (int i = 0; i < flags.length; i++) {
          flags[i] = flag(where, words.get(i));
        }
        yield new MetaValue.Bools(flags);
      }
      case STRING -> new MetaValue.Texts(List.copyOf(words));
      case FLOAT32, FLOAT64 ->
          new MetaValue.Reals(
              type, words.stream().mapToDouble(word -> real(where, type, word)).toArray());
      default ->
          new MetaValue.Ints(
              type, words.stream().mapToLong(word -> integer(where, type, word)).toArray());
    };
  }

  private static boolean flag(String where, String word) {
    if (!word.equals("true") && !word.equals("false")) {
      throw new PlanException(where + ": '" + word + "' is neither true nor false");
    }
    return word.equals("true");
  }

  private static double real(String where, MetaValue.Type type, String word) {
    if (!REAL.matcher(word).matches()) {
      throw new PlanException(where + ": '" + word + "' is no number");
    }
    return type == MetaValue.Type.FLOAT32 ? Float.parseFloat(word) : Double.parseDouble(word);
  }

  private static long integer(String where, MetaValue.Type type, String word) {
    return whole(type, word)
        .orElseThrow(() -> new PlanException(where + ": '" + word + "' is no " + label(type)));
  }

  private static Optional<Long> whole(MetaValue.Type type, String word) {
    try {
      if (type == MetaValue.Type.UINT64) {
        return Optional.of(Long.parseUnsignedLong(word));
      }
      long value = Long.parseLong(word);
      int bits = 8 * type.bytes();
      boolean signed = label(type).startsWith("int");
      long least = signed ? -1L << (bits - 1) : 0;
      long most = signed ? -(least + 1) : (1L << bits) - 1;
      return value >= least && value <= most ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String integer(MetaValue.Type type, long value) {
    return type == MetaValue.Type.UINT64 ? Long.toUnsignedString(value) : Long.toString(value);
  }

  private static String real(MetaValue.Type type, double value) {
    return type == MetaValue.Type.FLOAT32 ? Float.toString((float) value) : Double.toString(value);
  }

  private static String array(MetaValue.Type element, List<String> values) {
    return values.stream()
        .map(value -> " " + value)
        .collect(Collectors.joining("", label(element) + ARRAY, ""));
  }

  private static String label(MetaValue.Type type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
