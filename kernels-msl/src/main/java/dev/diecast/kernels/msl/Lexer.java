package dev.diecast.kernels.msl;

import dev.diecast.kernels.msl.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits MSL text into tokens. Comments vanish; angle brackets and square brackets stay single, as
 * only the parser can tell templates from shifts and attributes from subscripts.
 */
final class Lexer {
  private static final List<String> PAIRS =
      List.of("::", "->", "==", "!=", "<=", ">=", "&&", "||", "<<", "++", "--", "+=", "-=", "*=");

  private final MslSource source;
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private boolean lineStart = true;

  private Lexer(MslSource source, String text, int firstLine) {
    this.source = source;
    this.text = text;
    this.line = firstLine;
  }

  /** All tokens, each directive as one. */
  static List<Token> tokens(MslSource source) {
    return new Lexer(source, source.text(), 1).run();
  }

  /** The tokens of a directive after its {@code #}, at their places in the source. */
  static List<Token> within(MslSource source, Token directive) {
    List<Token> inner = new Lexer(source, directive.text().substring(1), directive.line()).run();
    return inner.stream()
        .map(t -> new Token(t.kind(), t.text(), t.start() + directive.start() + 1, t.line()))
        .toList();
  }

  private List<Token> run() {
    while (at < text.length()) {
      step();
    }
    return tokens;
  }

  private void step() {
    char c = text.charAt(at);
    if (c == '\n') {
      at++;
      line++;
      lineStart = true;
    } else if (Character.isWhitespace(c) || c == '\\' || c == '\uFEFF') {
      at++;
    } else if (text.startsWith("//", at)) {
      skipTo(logicalLineEnd(at));
    } else if (text.startsWith("/*", at)) {
      skipTo(closing("*/", 2, "this comment is never closed"));
    } else if (c == '#' && lineStart) {
      add(Kind.DIRECTIVE, directiveEnd());
    } else if (c == '"' || c == '\'') {
      add(Kind.STRING, stringEnd(c));
    } else if (Character.isDigit(c) || (c == '.' && isDigit(at + 1))) {
      add(Kind.NUMBER, numberEnd());
    } else if (isWordPart(c)) {
      add(Kind.WORD, wordEnd());
    } else if (c < 128 && !Character.isISOControl(c)) {
      boolean pair = at + 2 <= text.length() && PAIRS.contains(text.substring(at, at + 2));
      add(Kind.PUNCTUATION, at + (pair ? 2 : 1));
    } else {
      throw new MslException(source.at(line), "unexpected character U+%04X".formatted((int) c));
    }
  }

  private void add(Kind kind, int end) {
    tokens.add(new Token(kind, text.substring(at, end), at, line));
    skipTo(end);
    lineStart = false;
  }

  private void skipTo(int end) {
    for (int i = at; i < end; i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    at = end;
  }

  /** The end of the line that continues over backslashes. */
  private int logicalLineEnd(int from) {
    int end = from;
    while (end < text.length() && !(text.charAt(end) == '\n' && text.charAt(end - 1) != '\\')) {
      end++;
    }
    return end;
  }

  /** A directive ends before a comment that follows it, which may run over lines. */
  private int directiveEnd() {
    int end = logicalLineEnd(at);
    int comment = text.indexOf("/*", at);
    return comment >= 0 && comment < end && text.indexOf("*/", comment) > end ? comment : end;
  }

  private int closing(String mark, int skip, String fault) {
    int end = text.indexOf(mark, at + skip);
    if (end < 0) {
      throw new MslException(source.at(line), fault);
    }
    return end + mark.length();
  }

  private int stringEnd(char quote) {
    for (int i = at + 1; i < text.length() && text.charAt(i) != '\n'; i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == quote) {
        return i + 1;
      }
    }
    throw new MslException(source.at(line), "this literal is never closed");
  }

  private boolean isDigit(int i) {
    return i < text.length() && Character.isDigit(text.charAt(i));
  }

  private int wordEnd() {
    int end = at;
    while (end < text.length() && isWordPart(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private int numberEnd() {
    int end = at;
    while (end < text.length()
        && (isWordPart(text.charAt(end)) || text.charAt(end) == '.' || isExponentSign(end))) {
      end++;
    }
    return end;
  }

  private boolean isExponentSign(int i) {
    char c = text.charAt(i);
    if (i == at || (c != '+' && c != '-')) {
      return false;
    }
    boolean hex = text.startsWith("0x", at) || text.startsWith("0X", at);
    return (hex ? "pP" : "eE").indexOf(text.charAt(i - 1)) >= 0;
  }

  private static boolean isWordPart(char c) {
    return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
  }
}
