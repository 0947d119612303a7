package dev.diecast.kernels.msl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Walks over runs of tokens. */
final class Tokens {
  private static final Map<String, String> CLOSERS = Map.of("(", ")", "[", "]", "{", "}");

  private Tokens() {}

  /** Whether a token opens a bracket, angles aside. */
  static boolean opens(Token token) {
    return token.kind() == Token.Kind.PUNCTUATION && CLOSERS.containsKey(token.text());
  }

  /**
   * The index of the bracket that closes the one at {@code open}.
   *
   * @throws MslException when none does
   */
  static int closing(List<Token> tokens, int open, MslSource source) {
    var awaited = new ArrayList<String>();
    for (int i = open; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.kind() != Token.Kind.PUNCTUATION) {
        continue;
      }
      if (opens(token)) {
        awaited.add(CLOSERS.get(token.text()));
      } else if (CLOSERS.containsValue(token.text())) {
        if (!token.text().equals(awaited.removeLast())) {
          throw new MslException(
              source.at(token.line()),
              "unbalanced '"
                  + token
                  + "' in what line "
                  + source.at(tokens.get(open).line()).number()
                  + " opens");
        }
        if (awaited.isEmpty()) {
          return i;
        }
      }
    }
    Token opener = tokens.get(open);
    throw new MslException(source.at(opener.line()), "this '" + opener + "' is never closed");
  }

  /** The index of the {@code >} that closes the {@code <} at {@code open}, or -1. */
  static int closingAngle(List<Token> tokens, int open) {
    int angles = 0;
    int brackets = 0;
    for (int i = open; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (opens(token)) {
        brackets++;
      } else if (CLOSERS.containsValue(token.text())) {
        brackets--;
      } else if (brackets == 0 && token.is("<")) {
        angles++;
      } else if (brackets == 0 && token.is(">") && --angles == 0) {
        return i;
      }
      if (brackets < 0) {
        return -1;
      }
    }
    return -1;
  }

  /** The parts between commas that stand in no bracket and in no angles. */
  static List<List<Token>> split(List<Token> tokens) {
    var parts = new ArrayList<List<Token>>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (opens(token) || token.is("<")) {
        depth++;
      } else if (CLOSERS.containsValue(token.text()) || token.is(">")) {
        depth--;
      } else if (depth == 0 && token.is(",")) {
        parts.add(tokens.subList(start, i));
        start = i + 1;
      }
    }
    if (start < tokens.size()) {
      parts.add(tokens.subList(start, tokens.size()));
    }
    return parts;
  }

  /** The index of the first token, outside all brackets, that fits; -1 when none does. */
  static int find(List<Token> tokens, Predicate<Token> wanted) {
    int depth = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (depth == 0 && wanted.test(token)) {
        return i;
      }
      if (opens(token)) {
        depth++;
      } else if (CLOSERS.containsValue(token.text())) {
        depth--;
      }
    }
    return -1;
  }

  /** {@link #find} of one text. */
  static int find(List<Token> tokens, String wanted) {
    return find(tokens, t -> t.is(wanted));
  }

  /** The tokens as text: a space only where two words meet and after commas. */
  static String text(List<Token> tokens) {
    var text = new StringBuilder();
    boolean afterWord = false;
    for (Token token : tokens) {
      boolean word = token.isWord() || token.kind() == Token.Kind.NUMBER;
      if (word && afterWord) {
        text.append(' ');
      }
      text.append(token.text());
      if (token.is(",")) {
        text.append(' ');
      }
      afterWord = word;
    }
    return text.toString();
  }
}
