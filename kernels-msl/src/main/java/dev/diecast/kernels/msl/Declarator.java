package dev.diecast.kernels.msl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One name that a declaration introduces.
 *
 * @param type without the array lengths
 * @param name the token that names it
 * @param lengths of its array dimensions, outermost first
 * @param initialised whether a value follows
 */
record Declarator(List<Token> type, Token name, List<List<Token>> lengths, boolean initialised) {

  /** The declarators of {@code T a, *b, c[2];} without its semicolon; empty when it is none. */
  static List<Declarator> all(List<Token> statement, MslSource source) {
    var found = new ArrayList<Declarator>();
    List<Token> type = List.of();
    for (List<Token> part : Tokens.split(statement)) {
      int value = Tokens.find(part, t -> t.is("=") || t.is("{"));
      List<Token> declared = value < 0 ? part : part.subList(0, value);
      int nameAt = Tokens.find(declared, "[");
      nameAt = (nameAt < 0 ? declared.size() : nameAt) - 1;
      if (nameAt < 0 || !declared.get(nameAt).isWord() || (found.isEmpty() && nameAt == 0)) {
        return List.of();
      }
      if (found.isEmpty()) {
        type = declared.subList(0, nameAt);
      }
      found.add(
          new Declarator(
              found.isEmpty() ? type : own(type, declared.subList(0, nameAt)),
              declared.get(nameAt),
              lengths(declared, nameAt + 1, source),
              value >= 0));
    }
    return found;
  }

  /** Later declarators share the type but bring their own stars. */
  private static List<Token> own(List<Token> type, List<Token> stars) {
    var own = new ArrayList<>(type);
    own.removeIf(t -> t.is("*") || t.is("&"));
    own.addAll(stars);
    return own;
  }

  private static List<List<Token>> lengths(List<Token> tokens, int from, MslSource source) {
    var lengths = new ArrayList<List<Token>>();
    for (int i = from; i < tokens.size() && tokens.get(i).is("["); i++) {
      int end = Tokens.closing(tokens, i, source);
      lengths.add(tokens.subList(i + 1, end));
      i = end;
    }
    return lengths;
  }

  boolean isPointer() {
    return Tokens.find(type, t -> t.is("*") || t.is("&")) >= 0;
  }

  /** The type with the array lengths behind it. */
  String fullType() {
    var text = new StringBuilder(Tokens.text(type));
    for (List<Token> length : lengths) {
      text.append('[').append(Tokens.text(length)).append(']');
    }
    return text.toString();
  }

  /** The room that it takes; empty when a part is not known. */
  Optional<Extent> extent(TypeTable types, Constants constants) {
    Optional<Extent> extent = types.extent(type, constants);
    for (List<Token> length : lengths) {
      OptionalLong count = constants.value(length);
      if (count.isEmpty()) {
        return Optional.empty();
      }
      extent = extent.flatMap(e -> e.times(count.getAsLong()));
    }
    return extent;
  }
}
