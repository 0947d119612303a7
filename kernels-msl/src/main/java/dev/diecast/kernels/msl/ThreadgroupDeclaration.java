package dev.diecast.kernels.msl;

import java.util.ArrayList;
import java.util.List;

/**
 * A statement that declares threadgroup variables.
 *
 * @param keyword the word {@code threadgroup}
 * @param end the semicolon
 * @param declarators what it declares
 */
record ThreadgroupDeclaration(Token keyword, Token end, List<Declarator> declarators) {

  /** Those of a kernel body; pointers to threadgroup memory are none. */
  static List<ThreadgroupDeclaration> all(List<Token> body, MslSource source) {
    var found = new ArrayList<ThreadgroupDeclaration>();
    for (int i = 1; i < body.size(); i++) {
      if (!body.get(i).is("threadgroup") || !startsStatement(body.get(i - 1))) {
        continue;
      }
      List<Token> rest = body.subList(i + 1, body.size());
      int end = Tokens.find(rest, ";");
      List<Declarator> declarators =
          end < 0 ? List.of() : Declarator.all(rest.subList(0, end), source);
      if (!declarators.isEmpty() && declarators.stream().noneMatch(Declarator::isPointer)) {
        found.add(new ThreadgroupDeclaration(body.get(i), rest.get(end), declarators));
      }
    }
    return found;
  }

  private static boolean startsStatement(Token before) {
    return before.is(";") || before.is("{") || before.is("}") || before.is(")");
  }
}
