package dev.diecast.kernels.msl;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The head of a kernel or of a template of kernels.
 *
 * @param name of the function
 * @param parameters of the template; empty for a plain kernel
 * @param arguments the tokens of each argument, attributes included
 * @param limit the attribute that limits its threads, or null
 */
record KernelHead(
    Token name,
    List<TemplateParameter> parameters,
    List<List<Token>> arguments,
    @Nullable Attribute limit) {
  private static final String MAX_THREADS = "max_total_threads_per_threadgroup";

  static KernelHead of(Declaration declaration, MslSource source) {
    List<Token> plain = declaration.plain();
    List<TemplateParameter> parameters =
        declaration.isTemplate() ? TemplateParameter.all(plain, source) : List.of();
    int from = declaration.isTemplate() ? Tokens.closingAngle(plain, 1) + 1 : 0;
    from = Math.max(from, declaration.keyword() + 1);
    int open = from + Tokens.find(plain.subList(from, plain.size()), "(");
    SourceLine where = source.at(declaration.line());
    if (open <= from || !plain.get(open - 1).isWord()) {
      throw new MslException(where, "a kernel without a name or arguments");
    }
    Token name = plain.get(open - 1);
    if (open - 2 < from || !plain.get(open - 2).is("void")) {
      throw new MslException(source.at(name.line()), name + ": a kernel must return void");
    }
    return new KernelHead(
        name,
        parameters,
        arguments(declaration.head(), plain.get(open), source),
        limit(declaration, source));
  }

  private static List<List<Token>> arguments(List<Token> head, Token paren, MslSource source) {
    int open = head.indexOf(paren);
    List<Token> within = head.subList(open + 1, Tokens.closing(head, open, source));
    boolean none = within.size() == 1 && within.getFirst().is("void");
    return none ? List.of() : Tokens.split(within);
  }

  private static @Nullable Attribute limit(Declaration declaration, MslSource source) {
    for (Attribute attribute : declaration.ownAttributes()) {
      String name = attribute.name();
      if (!name.equals("kernel") && !name.equals("host_name") && !name.equals(MAX_THREADS)) {
        throw new MslException(source.at(attribute.line()), "unknown attribute '" + name + "'");
      }
    }
    return Attribute.find(declaration.ownAttributes(), MAX_THREADS);
  }

  /** The most threads of a threadgroup, given what the template parameters stand for. */
  OptionalInt maxThreads(Constants bound, MslSource source) {
    if (limit == null) {
      return OptionalInt.empty();
    }
    OptionalLong value = bound.value(limit.argument());
    if (value.isEmpty() || value.getAsLong() < 1 || value.getAsLong() > 1024) {
      throw new MslException(
          source.at(limit.line()), MAX_THREADS + " needs a number from 1 to 1024");
    }
    return OptionalInt.of((int) value.getAsLong());
  }
}
