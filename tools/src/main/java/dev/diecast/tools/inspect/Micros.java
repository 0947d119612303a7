package dev.diecast.tools.inspect;

import java.util.Locale;

/** Microseconds as text with three digits or so. */
final class Micros {
  private Micros() {}

  static String text(double micros) {
    String format = micros < 10 ? "%.2f" : micros < 1000 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, format, micros);
  }
}
