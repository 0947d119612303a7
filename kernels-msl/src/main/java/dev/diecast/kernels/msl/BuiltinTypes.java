package dev.diecast.kernels.msl;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes of the types that MSL brings along (Metal Shading Language Specification, "Data Types"): a
 * vector of three takes the room of four, packed ones do not.
 */
final class BuiltinTypes {
  private static final Map<String, Long> SCALARS =
      Map.ofEntries(
          Map.entry("bool", 1L),
          Map.entry("char", 1L),
          Map.entry("uchar", 1L),
          Map.entry("int8_t", 1L),
          Map.entry("uint8_t", 1L),
          Map.entry("short", 2L),
          Map.entry("ushort", 2L),
          Map.entry("int16_t", 2L),
          Map.entry("uint16_t", 2L),
          Map.entry("half", 2L),
          Map.entry("bfloat", 2L),
          Map.entry("int", 4L),
          Map.entry("uint", 4L),
          Map.entry("int32_t", 4L),
          Map.entry("uint32_t", 4L),
          Map.entry("float", 4L),
          Map.entry("unsigned", 4L),
          Map.entry("atomic_int", 4L),
          Map.entry("atomic_uint", 4L),
          Map.entry("atomic_float", 4L),
          Map.entry("atomic_bool", 4L),
          Map.entry("atomic_ulong", 8L),
          Map.entry("long", 8L),
          Map.entry("ulong", 8L),
          Map.entry("int64_t", 8L),
          Map.entry("uint64_t", 8L),
          Map.entry("size_t", 8L),
          Map.entry("ptrdiff_t", 8L),
          Map.entry("uintptr_t", 8L),
          Map.entry("intptr_t", 8L));

  private static final Pattern VECTOR = Pattern.compile("(packed_)?([a-z]+)([234])");
  private static final Pattern MATRIX = Pattern.compile("(half|float)([234])x([234])");

  private BuiltinTypes() {}

  /** The room of a type of one name. */
  static Optional<Extent> of(String name) {
    Long scalar = SCALARS.get(name);
    if (scalar != null) {
      return Optional.of(new Extent(scalar, scalar));
    }
    Matcher vector = VECTOR.matcher(name);
    if (vector.matches() && SCALARS.containsKey(vector.group(2))) {
      Extent component = new Extent(SCALARS.get(vector.group(2)), SCALARS.get(vector.group(2)));
      long count = Long.parseLong(vector.group(3));
      return vector.group(1) == null ? vector(component, count) : component.times(count);
    }
    Matcher matrix = MATRIX.matcher(name);
    if (matrix.matches()) {
      long component = SCALARS.getOrDefault(matrix.group(1), 4L);
      Optional<Extent> column =
          vector(new Extent(component, component), Long.parseLong(matrix.group(3)));
      return column.flatMap(c -> c.times(Long.parseLong(matrix.group(2))));
    }
    return Optional.empty();
  }

  /** The room of {@code vec<T, n>}. */
  static Optional<Extent> vector(Extent component, long count) {
    return component.times(count == 3 ? 4 : count).map(e -> new Extent(e.bytes(), e.bytes()));
  }

  /** The room of a template of MSL such as {@code vec<half, 4>}. */
  static Optional<Extent> ofTemplate(String name, Optional<Extent> element, OptionalLong count) {
    if (element.isEmpty() || (count.isEmpty() && !name.equals("atomic"))) {
      return Optional.empty();
    }
    return switch (name) {
      case "vec" ->
          count.getAsLong() < 2 || count.getAsLong() > 4
              ? Optional.empty()
              : vector(element.get(), count.getAsLong());
      case "packed_vec", "array" -> element.get().times(count.getAsLong());
      case "atomic" -> Optional.of(new Extent(Math.max(4, element.get().bytes()), 4));
      default -> Optional.empty();
    };
  }
}
