package dev.diecast.tools.inspect;

import java.util.Locale;

/** Values as a person reads them on a terminal. */
public final class Display {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Display() {}

  /** A size with three digits or so: {@code 2.13 GiB}. */
  public static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " bytes"
        : String.format(Locale.ROOT, value < 100 ? "%.2f %s" : "%.0f %s", value, UNITS[unit]);
  }

  /**
   * Text from a file without its control characters, so that no file writes to the terminal, and
   * with at most that many characters.
   */
  public static String text(String text, int limit) {
    StringBuilder out = new StringBuilder();
    int[] points = text.codePoints().limit(limit + 1L).toArray();
    for (int i = 0; i < Math.min(points.length, limit); i++) {
      switch (points[i]) {
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        default -> visible(out, points[i]);
      }
    }
    return points.length > limit ? out + "..." : out.toString();
  }

  /** A name from a file. */
  public static String name(String name) {
    return text(name, 120);
  }

  private static void visible(StringBuilder out, int point) {
    switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          out.append(String.format(Locale.ROOT, "\\u{%x}", point));
      default -> out.appendCodePoint(point);
    }
  }
}
