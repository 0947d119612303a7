package dev.diecast.kernels.msl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attribute of {@code [[...]]}.
 *
 * @param name without its namespace
 * @param argument the tokens in its parentheses
 * @param line where it stands in the source text
 * @param nested whether it stands inside parentheses, as that of an argument does
 */
record Attribute(String name, List<Token> argument, int line, boolean nested) {

  /** Attributes, and what is left without them. */
  record Split(List<Attribute> attributes, List<Token> rest) {}

  /** Takes the attributes out of a run of tokens. */
  static Split split(List<Token> tokens, MslSource source) {
    var attributes = new ArrayList<Attribute>();
    var rest = new ArrayList<Token>();
    int parentheses = 0;
    for (int i = 0; i < tokens.size(); i++) {
      if (!starts(tokens, i)) {
        rest.add(tokens.get(i));
        parentheses += tokens.get(i).is("(") ? 1 : tokens.get(i).is(")") ? -1 : 0;
        continue;
      }
      int end = Tokens.closing(tokens, i, source);
      for (List<Token> part : Tokens.split(tokens.subList(i + 2, end - 1))) {
        attributes.add(parse(part, source, parentheses > 0));
      }
      i = end;
    }
    return new Split(List.copyOf(attributes), List.copyOf(rest));
  }

  /** Whether two brackets that touch open at an index. */
  static boolean starts(List<Token> tokens, int i) {
    return i + 1 < tokens.size()
        && tokens.get(i).is("[")
        && tokens.get(i + 1).is("[")
        && tokens.get(i).end() == tokens.get(i + 1).start();
  }

  static @Nullable Attribute find(List<Attribute> attributes, String name) {
    return attributes.stream().filter(a -> a.name().equals(name)).findFirst().orElse(null);
  }

  private static Attribute parse(List<Token> part, MslSource source, boolean nested) {
    int open = Tokens.find(part, "(");
    int nameAt = (open < 0 ? part.size() : open) - 1;
    if (nameAt < 0 || !part.get(nameAt).isWord()) {
      throw new MslException(
          source.at(part.getFirst().line()), "not an attribute: " + Tokens.text(part));
    }
    List<Token> argument = List.of();
    if (open >= 0) {
      argument = part.subList(open + 1, Tokens.closing(part, open, source));
    }
    return new Attribute(part.get(nameAt).text(), argument, part.get(nameAt).line(), nested);
  }
}
