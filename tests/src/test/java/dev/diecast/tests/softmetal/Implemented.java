package dev.diecast.tests.softmetal;

/**
 * A method of the library.
 *
 * @param className as the library spells it: with {@code Soft} before a protocol's name
 * @param kind {@code +} of the class, {@code -} of its objects
 * @param selector of the method
 * @param encoding the compiler's type encoding
 * @param wayToFail as in {@link CallSite}; empty when it cannot
 */
record Implemented(
    String className, String kind, String selector, String encoding, String wayToFail) {
  static Implemented parse(String line) {
    String[] columns = line.split("\t", -1);
    return new Implemented(columns[0], columns[1], columns[2], columns[3], columns[4]);
  }
}
