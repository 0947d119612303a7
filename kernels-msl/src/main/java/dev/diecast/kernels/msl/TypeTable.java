package dev.diecast.kernels.msl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The types of a file and the room that they take. */
final class TypeTable {
  private static final Set<String> QUALIFIERS =
      Set.of(
          "const",
          "volatile",
          "device",
          "constant",
          "threadgroup",
          "thread",
          "struct",
          "class",
          "enum",
          "union",
          "metal",
          "::",
          "restrict",
          "__restrict",
          "typename",
          "static",
          "constexpr",
          "mutable");
  private static final int DEEPEST_ALIAS = 16;

  private final Map<String, List<Token>> aliases = new HashMap<>();
  private final Map<String, Extent> structs = new HashMap<>();
  private final Constants constants;

  TypeTable(Constants constants) {
    this.constants = constants;
  }

  void alias(String name, List<Token> type) {
    aliases.put(name, List.copyOf(type));
  }

  void struct(String name, Extent extent) {
    structs.put(name, extent);
  }

  /** The room of a type; empty for types that depend on templates or are not known. */
  Optional<Extent> extent(List<Token> type) {
    return extent(type, constants, 0);
  }

  /** The room of a type of a template whose arguments are among the constants. */
  Optional<Extent> extent(List<Token> type, Constants bindings) {
    return extent(type, bindings, 0);
  }

  private Optional<Extent> extent(List<Token> type, Constants bindings, int depth) {
    List<Token> core = type.stream().filter(t -> !QUALIFIERS.contains(t.text())).toList();
    if (core.isEmpty() || depth > DEEPEST_ALIAS) {
      return Optional.empty();
    }
    if (core.stream().anyMatch(t -> t.is("*") || t.is("&"))) {
      return Optional.of(new Extent(8, 8));
    }
    if (core.size() > 1 && core.get(1).is("<")) {
      return template(core, bindings, depth);
    }
    String name = name(core);
    if (structs.containsKey(name)) {
      return Optional.of(structs.get(name));
    }
    List<Token> alias = aliases.get(name);
    List<Token> bound = alias == null ? bindings.definition(name) : alias;
    return bound == null ? BuiltinTypes.of(name) : extent(bound, bindings, depth + 1);
  }

  private Optional<Extent> template(List<Token> core, Constants bindings, int depth) {
    int end = Tokens.closingAngle(core, 1);
    if (end < 0) {
      return Optional.empty();
    }
    List<List<Token>> arguments = Tokens.split(core.subList(2, end));
    if (arguments.isEmpty()) {
      return Optional.empty();
    }
    var count = arguments.size() == 2 ? bindings.value(arguments.get(1)) : OptionalLong.empty();
    return BuiltinTypes.ofTemplate(
        core.getFirst().text(), extent(arguments.getFirst(), bindings, depth + 1), count);
  }

  /** {@code unsigned short int} and its like, as the one word that MSL has for them. */
  private static String name(List<Token> core) {
    if (core.size() == 1) {
      return core.getFirst().text();
    }
    List<String> words = core.stream().map(Token::text).toList();
    boolean unsigned = words.contains("unsigned");
    for (String size : List.of("char", "short", "long")) {
      if (words.contains(size)) {
        return unsigned ? "u" + size : size;
      }
    }
    return words.contains("int") ? "int" : Tokens.text(core);
  }
}
