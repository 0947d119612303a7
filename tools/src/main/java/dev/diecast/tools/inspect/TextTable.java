package dev.diecast.tools.inspect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Rows of columns that line up. A column of numbers is aligned to the right. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final String indent;

  /** A table with a header; every line starts with the indent. */
  public TextTable(String indent, String... header) {
    this.indent = indent;
    rows.add(List.of(header));
  }

  /** Adds a row with a cell for each column of the header. */
  public TextTable row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(String.valueOf(cell));
    }
    rows.add(row);
    return this;
  }

  /** Prints header and rows. */
  public void print(Appendable out) throws IOException {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    boolean[] numbers = new boolean[columns];
    for (int column = 0; column < columns; column++) {
      int at = column;
      widths[at] = rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0);
      numbers[at] = rows.stream().skip(1).allMatch(row -> number(row.get(at)));
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(indent);
      for (int column = 0; column < columns; column++) {
        String cell = row.get(column);
        String padding = " ".repeat(widths[column] - cell.length());
        line.append(numbers[column] ? padding + cell : cell + padding).append(GAP);
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
  }

  private static boolean number(String cell) {
    return !cell.isEmpty() && (Character.isDigit(cell.charAt(0)) || cell.equals("-"));
  }
}
