package dev.diecast.tests.softmetal;

import java.util.ArrayList;
import java.util.List;

/**
 * The type encoding that a compiler gave a method, in the words of the facts.
 *
 * @param returns what comes back
 * @param arguments without the receiver and the selector
 */
record TypeEncoding(String returns, List<String> arguments) {
  private static final String QUALIFIERS = "rnNoORV";

  static TypeEncoding parse(String encoding) {
    List<String> types = new ArrayList<>();
    for (int at = 0; at < encoding.length(); ) {
      int end = end(encoding, at);
      types.add(word(encoding.substring(at, end)));
      at = end;
      while (at < encoding.length() && "0123456789+-".indexOf(encoding.charAt(at)) >= 0) {
        at++;
      }
    }
    return new TypeEncoding(types.getFirst(), List.copyOf(types.subList(3, types.size())));
  }

  /** Where the type that begins there ends. */
  private static int end(String encoding, int at) {
    char c = encoding.charAt(at);
    if (QUALIFIERS.indexOf(c) >= 0 || c == '^') {
      return end(encoding, at + 1);
    }
    if (c != '{') {
      return at + 1;
    }
    int depth = 0;
    do {
      depth += encoding.charAt(at) == '{' ? 1 : encoding.charAt(at) == '}' ? -1 : 0;
      at++;
    } while (depth > 0);
    return at;
  }

  private static String word(String type) {
    String bare = type;
    while (QUALIFIERS.indexOf(bare.charAt(0)) >= 0) {
      bare = bare.substring(1);
    }
    if (bare.startsWith("^{Block=")) {
      return "block";
    }
    if (bare.startsWith("^")) {
      String target = word(bare.substring(1));
      return target.equals("void") ? "ptr" : target + "*";
    }
    if (bare.startsWith("{")) {
      return bare.substring(1, bare.indexOf('='));
    }
    return switch (bare) {
      case "@", "#" -> "id";
      case ":" -> "selector";
      case "v" -> "void";
      case "Q", "L" -> "u64";
      case "q", "l" -> "i64";
      case "C", "c", "B" -> "byte";
      case "d" -> "f64";
      case "*" -> "cstr";
      default -> throw new IllegalArgumentException("no fact is encoded as " + type);
    };
  }
}
