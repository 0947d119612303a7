package dev.diecast.kernels.msl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A parameter of a template.
 *
 * @param name of the parameter
 * @param otherwise the tokens of its default; empty when it has none
 */
record TemplateParameter(String name, List<Token> otherwise) {

  /** The parameters between the angles of {@code template <...>}. */
  static List<TemplateParameter> all(List<Token> head, MslSource source) {
    int end = Tokens.closingAngle(head, 1);
    if (end < 0) {
      throw new MslException(
          source.at(head.getFirst().line()), "the '<' of this template is never closed");
    }
    var found = new ArrayList<TemplateParameter>();
    for (List<Token> part : Tokens.split(head.subList(2, end))) {
      int value = Tokens.find(part, "=");
      List<Token> named = value < 0 ? part : part.subList(0, value);
      List<Token> otherwise = value < 0 ? List.of() : part.subList(value + 1, part.size());
      found.add(new TemplateParameter(nameOf(named), otherwise));
    }
    return found;
  }

  /** The last word; of a function pointer, such as {@code void (*f)(int)}, the starred one. */
  private static String nameOf(List<Token> part) {
    for (int i = 0; i + 2 < part.size(); i++) {
      if (part.get(i).is("(") && (part.get(i + 1).is("*") || part.get(i + 1).is("&"))) {
        return part.get(i + 2).text();
      }
    }
    return part.isEmpty() ? "" : part.getLast().text();
  }

  /** What the parameters stand for when these arguments are given. */
  static Map<String, List<Token>> bind(
      List<TemplateParameter> parameters, List<List<Token>> arguments, SourceLine where) {
    if (arguments.size() > parameters.size()) {
      throw new MslException(where, "more template arguments than parameters");
    }
    var bound = new HashMap<String, List<Token>>();
    for (int i = 0; i < parameters.size(); i++) {
      TemplateParameter parameter = parameters.get(i);
      List<Token> value = i < arguments.size() ? arguments.get(i) : parameter.otherwise();
      if (value.isEmpty()) {
        throw new MslException(where, "no argument for template parameter " + parameter.name());
      }
      bound.put(parameter.name(), value);
    }
    return bound;
  }

  /** The tokens with every parameter replaced by what it stands for. */
  static List<Token> fill(List<Token> tokens, Map<String, List<Token>> bound) {
    var filled = new ArrayList<Token>();
    for (Token token : tokens) {
      filled.addAll(
          token.isWord() ? bound.getOrDefault(token.text(), List.of(token)) : List.of(token));
    }
    return filled;
  }
}
