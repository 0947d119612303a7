package dev.diecast.bindings.objc;

import java.util.List;
import java.util.stream.Stream;

/**
 * One line of the selector table.
 *
 * @param receiver class or protocol that declares the method
 * @param selector {@code +} for a method of the class or {@code -} for one of its objects, then the
 *     selector
 * @param arguments what follows the receiver and the selector
 * @param returns what comes back
 * @param owned whether it comes back with a retain count of one that the caller releases
 * @param since first macOS that has it
 * @param quick whether it may be sent without leaving the Java state of the thread
 * @param shape how it travels
 */
public record SelectorRow(
    String receiver,
    String selector,
    List<ValueType> arguments,
    ValueType returns,
    boolean owned,
    int since,
    boolean quick,
    Shape shape) {
  /** Copies the list. */
  public SelectorRow {
    arguments = List.copyOf(arguments);
  }

  /** Whether the receiver is the class itself. */
  public boolean ofClass() {
    return selector.startsWith("+");
  }

  /** The selector as the runtime knows it, without its sign. */
  public String name() {
    return selector.substring(1);
  }

  /** As Apple's documentation writes it: {@code -[MTLBuffer length]}. */
  @Override
  public String toString() {
    return selector.charAt(0) + "[" + receiver + " " + name() + "]";
  }

  static SelectorRow parse(String line) {
    String[] columns = line.split("\t", -1);
    if (columns.length != 7) {
      throw new IllegalArgumentException(
          "a line of the selector table has 7 columns, not " + columns.length);
    }
    List<ValueType> arguments =
        columns[2].equals("-")
            ? List.of()
            : Stream.of(columns[2].split(",")).map(ValueType::named).toList();
    ValueType returns = ValueType.named(columns[3]);
    return new SelectorRow(
        columns[0],
        columns[1],
        arguments,
        returns,
        marked(columns[4], "owned"),
        Integer.parseInt(columns[5]),
        marked(columns[6], "quick"),
        Shape.of(returns, arguments));
  }

  private static boolean marked(String column, String mark) {
    if (!column.equals(mark) && !column.equals("-")) {
      throw new IllegalArgumentException("expected " + mark + " or -, found " + column);
    }
    return column.equals(mark);
  }
}
