package dev.diecast.bindings.objc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All messages that Diecast sends, from the resource {@code selectors.tsv}, whose head explains its
 * columns. Nothing is sent that is not in it: {@link Message#of} looks there, and each send is
 * checked against the shape that the table gives.
 */
public final class SelectorTable {
  private static final String RESOURCE = "selectors.tsv";
  private static final Map<String, SelectorRow> ROWS = read();

  private SelectorTable() {}

  /** All rows in the order of the table. */
  public static Collection<SelectorRow> rows() {
    return ROWS.values();
  }

  /**
   * The row of a message.
   *
   * @param selector with its sign
   * @throws IllegalArgumentException if the table has no such row
   */
  public static SelectorRow row(String receiver, String selector) {
    SelectorRow row = ROWS.get(key(receiver, selector));
    if (row == null) {
      throw new IllegalArgumentException("the selector table lacks " + receiver + " " + selector);
    }
    return row;
  }

  /** The rows of one class or protocol. */
  static List<SelectorRow> rowsOf(String receiver) {
    return ROWS.values().stream().filter(row -> row.receiver().equals(receiver)).toList();
  }

  private static String key(String receiver, String selector) {
    return receiver + " " + selector;
  }

  private static Map<String, SelectorRow> read() {
    Map<String, SelectorRow> rows = new LinkedHashMap<>();
    List<String> lines = lines();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("#")) {
        continue;
      }
      try {
        SelectorRow row = SelectorRow.parse(lines.get(i));
        if (rows.put(key(row.receiver(), row.selector()), row) != null) {
          throw new IllegalArgumentException(row + " is listed twice");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalStateException(RESOURCE + " line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return Collections.unmodifiableMap(rows);
  }

  private static List<String> lines() {
    try (InputStream in = SelectorTable.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks " + RESOURCE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
