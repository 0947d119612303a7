package dev.diecast.plans.shapes;

import dev.diecast.plans.PlanException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The words of a line in a shape file, separated by spaces. A word is plain, or quoted with the
 * escapes {@code \"}, {@code \\} and {@code \}{@code uXXXX}.
 */
final class ShapeWords {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.+-]+(?:\\[])?");

  private final String where;
  private final String line;
  private final List<String> words = new ArrayList<>();
  private int at;

  private ShapeWords(String where, String line) {
    this.where = where;
    this.line = line;
  }

  /** The words; a {@link PlanException} that starts with {@code where} when there is a fault. */
  static List<String> split(String where, String line) {
    ShapeWords reader = new ShapeWords(where, line);
    while (reader.at < line.length()) {
      if (line.charAt(reader.at) == ' ') {
        reader.at++;
      } else {
        reader.words.add(reader.word());
      }
    }
    return reader.words;
  }

  /** The word as {@link #split} reads it back. */
  static String quoted(String word) {
    if (PLAIN.matcher(word).matches()) {
      return word;
    }
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }

  private String word() {
    String word = line.charAt(at) == '"' ? text() : plain();
    if (at < line.length() && line.charAt(at) != ' ') {
      throw error("a space is missing");
    }
    return word;
  }

  private String plain() {
    int from = at;
    while (at < line.length() && line.charAt(at) != ' ') {
      at++;
    }
    String word = line.substring(from, at);
    if (!PLAIN.matcher(word).matches()) {
      at = from;
      throw error("a word with other signs than letters, digits and _.+- needs quotes");
    }
    return word;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    at++;
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == '"') {
        return text.toString();
      }
      text.append(c == '\\' ? escaped() : c);
    }
    throw error("the quotes are not closed");
  }

  private char escaped() {
    char c = at < line.length() ? line.charAt(at++) : ' ';
    if (c == '"' || c == '\\') {
      return c;
    }
    if (c == 'u' && at + 4 <= line.length()) {
      int code = 0;
      for (int i = 0; i < 4; i++) {
        int digit = Character.digit(line.charAt(at++), 16);
        if (digit < 0) {
          throw error("\\u needs four hexadecimal digits");
        }
        code = code << 4 | digit;
      }
      return (char) code;
    }
    throw error("no such escape; there are \\\", \\\\ and \\uXXXX");
  }

  private PlanException error(String message) {
    return new PlanException(where + ", column " + (at + 1) + ": " + message);
  }
}
