package dev.diecast.tools.demo;

import java.util.Arrays;

/**
 * A question that the demo model was not trained on.
 *
 * @param answer of a sum the result alone, else the whole answer
 */
public record HeldOutItem(Kind kind, String question, String answer) {
  /** What is asked. */
  public enum Kind {
    /** Two numbers of two digits, added or subtracted. */
    TWO_DIGIT("two-digit"),
    /** Two numbers of three digits, added or subtracted. */
    THREE_DIGIT("three-digit"),
    /** Colours, sizes and kinds of things. */
    QUESTION("question");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** As in files and reports. */
    public String text() {
      return text;
    }

    static Kind named(String text) {
      return Arrays.stream(values())
          .filter(kind -> kind.text.equals(text))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no kind of item is called " + text));
    }
  }

  /** Whether a text answers it. Sums are written out; their last line is the answer. */
  public boolean isAnsweredBy(String text) {
    if (kind == Kind.QUESTION) {
      return text.equals(answer);
    }
    String last = text.substring(text.lastIndexOf('\n') + 1);
    return last.endsWith(" = " + answer);
  }
}
