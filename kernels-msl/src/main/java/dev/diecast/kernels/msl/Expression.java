package dev.diecast.kernels.msl;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Evaluates an integer constant expression by precedence climbing; wraps as 64-bit integers do. */
final class Expression {
  /** Macros that name themselves must come to an end. */
  private static final int DEEPEST = 48;

  private static final Map<String, Integer> PRECEDENCE =
      Map.ofEntries(
          Map.entry("||", 1),
          Map.entry("&&", 2),
          Map.entry("|", 3),
          Map.entry("^", 4),
          Map.entry("&", 5),
          Map.entry("==", 6),
          Map.entry("!=", 6),
          Map.entry("<", 7),
          Map.entry(">", 7),
          Map.entry("<=", 7),
          Map.entry(">=", 7),
          Map.entry("<<", 8),
          Map.entry(">>", 8),
          Map.entry("+", 9),
          Map.entry("-", 9),
          Map.entry("*", 10),
          Map.entry("/", 10),
          Map.entry("%", 10));

  private final Constants constants;
  private final List<Token> tokens;
  private int depth;
  private int at;
  private boolean known = true;

  Expression(Constants constants, List<Token> tokens, int depth) {
    this.constants = constants;
    this.tokens = tokens;
    this.depth = depth;
  }

  OptionalLong value() {
    long value = conditional();
    return known && at == tokens.size() ? OptionalLong.of(value) : OptionalLong.empty();
  }

  private long conditional() {
    long condition = binary(1);
    if (!accept("?")) {
      return condition;
    }
    long yes = conditional();
    known &= accept(":");
    long no = conditional();
    return condition != 0 ? yes : no;
  }

  private long binary(int least) {
    long left = unary();
    while (known) {
      String operator = operator();
      Integer precedence = operator == null ? null : PRECEDENCE.get(operator);
      if (operator == null || precedence == null || precedence < least) {
        return left;
      }
      // The lexer leaves >> in two.
      at += operator.equals(">>") ? 2 : 1;
      left = apply(operator, left, binary(precedence + 1));
    }
    return left;
  }

  private @Nullable String operator() {
    if (at >= tokens.size()) {
      return null;
    }
    boolean shift = tokens.get(at).is(">") && at + 1 < tokens.size() && tokens.get(at + 1).is(">");
    return shift ? ">>" : tokens.get(at).text();
  }

  private long apply(String operator, long a, long b) {
    return switch (operator) {
      case "||" -> truth(a != 0 || b != 0);
      case "&&" -> truth(a != 0 && b != 0);
      case "|" -> a | b;
      case "^" -> a ^ b;
      case "&" -> a & b;
      case "==" -> truth(a == b);
      case "!=" -> truth(a != b);
      case "<" -> truth(a < b);
      case ">" -> truth(a > b);
      case "<=" -> truth(a <= b);
      case ">=" -> truth(a >= b);
      case "<<" -> a << b;
      case ">>" -> a >> b;
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      default -> b == 0 ? unknown() : operator.equals("/") ? a / b : a % b;
    };
  }

  private long unary() {
    if (++depth > DEEPEST) {
      return unknown();
    }
    long value = prefixed();
    depth--;
    return value;
  }

  private long prefixed() {
    if (accept("-")) {
      return -unary();
    }
    if (accept("+")) {
      return unary();
    }
    if (accept("!")) {
      return truth(unary() == 0);
    }
    if (accept("~")) {
      return ~unary();
    }
    if (accept("(")) {
      long value = conditional();
      known &= accept(")");
      return value;
    }
    return at < tokens.size() ? primary(tokens.get(at++)) : unknown();
  }

  private long primary(Token token) {
    if (token.kind() == Token.Kind.NUMBER) {
      return number(token.text());
    }
    if (token.is("true") || token.is("false")) {
      return truth(token.is("true"));
    }
    if (token.is("sizeof") && at < tokens.size() && tokens.get(at).is("(")) {
      return size();
    }
    List<Token> definition = token.isWord() ? constants.definition(token.text()) : null;
    OptionalLong value =
        definition == null
            ? OptionalLong.empty()
            : new Expression(constants, definition, depth).value();
    return value.isPresent() ? value.getAsLong() : unknown();
  }

  private long size() {
    int close = Tokens.find(tokens.subList(at + 1, tokens.size()), ")");
    if (close < 0) {
      return unknown();
    }
    Optional<Extent> extent = constants.sizeOf(tokens.subList(at + 1, at + 1 + close));
    at += close + 2;
    return extent.isPresent() ? extent.get().bytes() : unknown();
  }

  private long number(String text) {
    String digits = text.replaceFirst("[uUlL]+$", "");
    try {
      return digits.startsWith("0b") ? Long.parseLong(digits.substring(2), 2) : Long.decode(digits);
    } catch (NumberFormatException e) {
      return unknown();
    }
  }

  private boolean accept(String text) {
    boolean there = at < tokens.size() && tokens.get(at).is(text);
    at += there ? 1 : 0;
    return there;
  }

  private static long truth(boolean value) {
    return value ? 1 : 0;
  }

  private long unknown() {
    known = false;
    return 0;
  }
}
