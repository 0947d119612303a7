package dev.diecast.kernels.msl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Kernels that call the instantiations, so that the rule check looks into the templates. */
final class CheckEntries {
  private CheckEntries() {}

  static String of(ParsedText parsed) {
    var text = new StringBuilder();
    int number = 0;
    for (Item item : parsed.items()) {
      if (item instanceof Item.Instantiation one) {
        SourceLine where = parsed.source().at(one.declaration().line());
        text.append("#line %d \"%s\"\n".formatted(where.number(), where.file()));
        text.append(entry(one, one.bound(where), number++, parsed.source()));
      }
    }
    return text.toString();
  }

  private static String entry(
      Item.Instantiation one, Map<String, List<Token>> bound, int number, MslSource source) {
    var parameters = new ArrayList<String>();
    var names = new ArrayList<String>();
    for (List<Token> argument : one.kernel().head().arguments()) {
      List<Token> plain = Attribute.split(argument, source).rest();
      parameters.add(Tokens.text(TemplateParameter.fill(plain, bound)));
      int bracket = Tokens.find(plain, "[");
      names.add(plain.get((bracket < 0 ? plain.size() : bracket) - 1).text());
    }
    return "kernel void msl_entry_%d(%s) { %s<%s>(%s); }\n"
        .formatted(
            number,
            String.join(", ", parameters),
            one.kernel().head().name(),
            String.join(", ", one.arguments().stream().map(Tokens::text).toList()),
            String.join(", ", names));
  }
}
