package dev.diecast.tools.console;

import java.io.IOException;

/** Shows text that comes in pieces word by word, indented and broken into lines. */
public final class WrappedText {
  private final Console console;
  private final String indent;
  private final int columns;
  private final StringBuilder word = new StringBuilder();
  private int column;

  /** Text on a console, in lines of at most {@code columns} characters where words allow it. */
  public WrappedText(Console console, String indent, int columns) {
    this.console = console;
    this.indent = indent;
    this.columns = columns;
  }

  /** Shows the words that a piece completes; the rest waits for more. */
  public void add(String piece) throws IOException {
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      if (Character.isWhitespace(c)) {
        showWord();
      } else {
        word.append(c);
      }
    }
  }

  /** Shows what is left, and ends the line. */
  public void end() throws IOException {
    showWord();
    console.println("");
  }

  private void showWord() throws IOException {
    if (word.isEmpty()) {
      return;
    }
    boolean first = column == 0;
    boolean fits = column + 1 + word.length() <= columns;
    String before = first ? indent : fits ? " " : "\n" + indent;
    column = word.length() + (first || !fits ? indent.length() : column + 1);
    console.print(before + word);
    console.out().flush();
    word.setLength(0);
  }
}
