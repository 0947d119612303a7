package dev.diecast.tests.softmetal;

/**
 * A rule that was broken.
 *
 * @param rule its name
 * @param object the object that it was about, such as {@code MTLBuffer#12}; empty for none
 * @param count how often
 * @param message what happened
 */
public record Finding(String rule, String object, long count, String message) {
  static Finding parse(String line) {
    String[] columns = line.split("\t", 4);
    return new Finding(columns[0], columns[1], Long.parseLong(columns[2]), columns[3]);
  }

  @Override
  public String toString() {
    return rule + " " + object + ": " + message + (count > 1 ? " (" + count + " times)" : "");
  }
}
