package dev.diecast.kernels.msl;

/**
 * A token of MSL.
 *
 * @param kind what it is
 * @param text its characters
 * @param start offset of the first character in the source text
 * @param line line of the source text, from 1
 */
record Token(Kind kind, String text, int start, int line) {

  enum Kind {
    WORD,
    NUMBER,
    STRING,
    PUNCTUATION,
    /** A preprocessor line with its continuations. */
    DIRECTIVE
  }

  int end() {
    return start + text.length();
  }

  boolean is(String wanted) {
    return kind != Kind.STRING && text.equals(wanted);
  }

  boolean isWord() {
    return kind == Kind.WORD;
  }

  @Override
  public String toString() {
    return text;
  }
}
