package dev.diecast.tests.softmetal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of Apple's headers, from the tables in {@code softmetal/facts}. Neither the library
 * nor the bindings have a say in it.
 *
 * @param selectors one row for each method of a class or protocol
 * @param enums one row for each constant
 * @param structs one row for each field
 * @param parents class or protocol to the one that it inherits from
 */
record Facts(
    List<SelectorFact> selectors,
    List<EnumFact> enums,
    List<StructFact> structs,
    Map<String, String> parents) {
  private static final Path FOLDER = Path.of("softmetal", "facts");

  /**
   * A method.
   *
   * @param kind {@code +} or {@code -}
   * @param arguments types by commas
   * @param since first macOS; 11 for that and older
   */
  record SelectorFact(
      String className,
      String kind,
      String selector,
      String arguments,
      String returns,
      int since) {}

  /** A constant of an enum. */
  record EnumFact(String enumName, String type, String constant, long value) {}

  /** A field of a struct, with its offset and the size of the whole struct. */
  record StructFact(String struct, String field, String type, long offset, long size) {}

  static Facts read() {
    Map<String, String> parents = new HashMap<>();
    rows("parents.tsv").forEach(row -> parents.put(row[0], row[1]));
    return new Facts(
        rows("selectors.tsv").stream()
            .map(r -> new SelectorFact(r[0], r[1], r[2], r[3], r[4], Integer.parseInt(r[5])))
            .toList(),
        rows("enums.tsv").stream()
            .map(r -> new EnumFact(r[0], r[1], r[2], Long.parseLong(r[3])))
            .toList(),
        rows("structs.tsv").stream()
            .map(r -> new StructFact(r[0], r[1], r[2], Long.parseLong(r[3]), Long.parseLong(r[4])))
            .toList(),
        parents);
  }

  private static List<String[]> rows(String file) {
    try {
      return Files.readAllLines(FOLDER.resolve(file)).stream()
          .filter(line -> !line.startsWith("#"))
          .skip(1)
          .map(line -> line.split("\t", -1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the facts are missing", e);
    }
  }

  /** The method of a class or of what it inherits from. */
  Optional<SelectorFact> find(String className, String kind, String selector) {
    for (String name = className; name != null; name = parents.get(name)) {
      String wanted = name;
      Optional<SelectorFact> found =
          selectors.stream()
              .filter(f ->
                  f.className().equals(wanted)
                      && f.kind().equals(kind)
                      && f.selector().equals(selector))
              .findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Tells the library what an older macOS lacks; a selector is as old as its oldest class. */
  void availability(NativeFunctions library) {
    Map<String, Integer> bySelector = new HashMap<>();
    Map<String, Integer> byClass = new HashMap<>();
    for (SelectorFact fact : selectors) {
      bySelector.merge(fact.selector(), fact.since(), Math::min);
      byClass.merge(fact.className(), fact.since(), Math::min);
    }
    bySelector.forEach((name, since) -> library.run("soft_since_selector", name, (long) since));
    byClass.forEach((name, since) -> library.run("soft_since_class", name, (long) since));
  }
}
