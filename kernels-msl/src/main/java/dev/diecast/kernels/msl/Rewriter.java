package dev.diecast.kernels.msl;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Rewrites the few constructs of MSL that the dialect headers cannot define away. */
final class Rewriter {
  private static final Pattern DOUBLE =
      Pattern.compile("(\\d+\\.\\d*|\\.\\d+)([eE][+-]?\\d+)?|\\d+[eE][+-]?\\d+");
  private static final Set<String> CONSTANT_WORDS =
      Set.of("static", "constexpr", "const", "constant", "inline");

  private final ParsedText parsed;
  private final Dialect dialect;
  private final Edits edits;

  private Rewriter(ParsedText parsed, Dialect dialect) {
    this.parsed = parsed;
    this.dialect = dialect;
    this.edits = new Edits(parsed.source().text());
  }

  /** The text of a file in a dialect, line for line. */
  static String rewrite(ParsedText parsed, Dialect dialect) {
    var rewriter = new Rewriter(parsed, dialect);
    parsed.tokens().forEach(rewriter::token);
    parsed.items().forEach(rewriter::item);
    return rewriter.edits.apply();
  }

  private void token(Token token) {
    if (token.kind() == Token.Kind.DIRECTIVE) {
      directive(token);
    } else {
      number(token);
    }
  }

  /** The dialect headers stand in for those of Metal. */
  private void directive(Token token) {
    if (token.text().matches("(?s)#\\s*include\\s*<.*")) {
      edits.replace(token, "");
    } else if (token.text().matches("(?s)#\\s*define\\b.*")) {
      Lexer.within(parsed.source(), token).forEach(this::number);
    }
  }

  /** MSL has no double: 2.1 is a float there. */
  private void number(Token token) {
    boolean isDouble = token.kind() == Token.Kind.NUMBER && DOUBLE.matcher(token.text()).matches();
    if (isDouble) {
      edits.insert(token.end(), "f");
    }
  }

  private void item(Item item) {
    if (dialect == Dialect.CHECK && item.declaration().isTemplate()) {
      functionParameters(item.declaration().plain());
    }
    switch (item) {
      case Item.Kernel kernel -> kernel(kernel);
      case Item.Instantiation one -> edits.replace(one.declaration().head(), "");
      case Item.Constant one -> functionConstant(one);
      case Item.Derived one -> derived(one);
      case Item.ProgramConstant one -> programConstant(one.declaration());
      case Item.Other other -> function(other.declaration());
    }
  }

  /**
   * A template parameter {@code void (*f)(int)} becomes {@code void f(int)}, which means the same;
   * OpenCL would have the pointer be generic and fit no function.
   */
  private void functionParameters(List<Token> plain) {
    int end = Tokens.closingAngle(plain, 1);
    for (int i = 2; i + 4 < end; i++) {
      boolean pointer = plain.get(i).is("(") && plain.get(i + 1).is("*");
      if (pointer && plain.get(i + 3).is(")") && plain.get(i + 4).is("(")) {
        edits.replace(plain.subList(i, i + 4), plain.get(i + 2).text());
      }
    }
  }

  private void kernel(Item.Kernel kernel) {
    removeAttributes(kernel.declaration().head());
    List<Token> plain = kernel.declaration().plain();
    int keyword = kernel.declaration().keyword();
    if (keyword >= 0) {
      edits.replace(plain.get(keyword), "");
    }
    int first = kernel.isTemplate() ? Tokens.closingAngle(plain, 1) + 1 : Math.max(0, keyword);
    boolean template = kernel.isTemplate() && dialect == Dialect.CHECK;
    edits.insert(plain.get(first).start(), template ? "MSL_KERNEL_TEMPLATE " : "MSL_KERNEL_FN ");
    kernel.variables().forEach(this::threadgroupVariables);
  }

  private void threadgroupVariables(ThreadgroupDeclaration declaration) {
    if (dialect == Dialect.CHECK) {
      edits.replace(
          declaration.keyword().start(), declaration.end().end(), references(declaration));
      return;
    }
    edits.replace(declaration.keyword(), "MSL_TG");
    var registered = new StringBuilder();
    for (Declarator declarator : declaration.declarators()) {
      registered.append(" MSL_TG_REG(").append(declarator.name()).append(");");
    }
    edits.insert(declaration.end().end(), registered.toString());
  }

  /** OpenCL wants such variables at the top of a kernel, MSL anywhere in its body. */
  private static String references(ThreadgroupDeclaration declaration) {
    var text = new StringBuilder();
    for (Declarator declarator : declaration.declarators()) {
      String name = declarator.name().text();
      String lengths = declarator.fullType().substring(Tokens.text(declarator.type()).length());
      text.append(
          "typedef %s %s__t%s; threadgroup %s__t& %s = *(threadgroup %s__t*)0; "
              .formatted(Tokens.text(declarator.type()), name, lengths, name, name, name));
    }
    return text.toString();
  }

  private void functionConstant(Item.Constant one) {
    String name = one.constant().name();
    edits.replace(
        one.declaration().head(),
        "MSL_FUNCTION_CONSTANT(%s, %s, %s)".formatted(one.constant().type(), name, name));
  }

  private void derived(Item.Derived one) {
    if (dialect == Dialect.CHECK) {
      DerivedConstant constant = one.constant();
      edits.replace(
          one.declaration().head(),
          "extern constant %s %s".formatted(constant.type(), constant.name()));
    } else {
      programConstant(one.declaration());
    }
  }

  private void programConstant(Declaration declaration) {
    List<Token> plain = declaration.plain();
    int value = Tokens.find(plain, "=");
    for (Token token : value < 0 ? plain : plain.subList(0, value)) {
      if (CONSTANT_WORDS.contains(token.text())) {
        edits.replace(token, "");
      }
    }
    edits.insert(plain.getFirst().start(), "MSL_PROGRAM_CONSTANT ");
  }

  private void function(Declaration declaration) {
    boolean function = Tokens.find(declaration.plain(), "(") >= 0;
    if (function && !declaration.attributes().isEmpty()) {
      removeAttributes(declaration.head());
    }
  }

  private void removeAttributes(List<Token> head) {
    for (int i = 0; i < head.size(); i++) {
      if (Attribute.starts(head, i)) {
        int end = Tokens.closing(head, i, parsed.source());
        edits.replace(head.subList(i, end + 1), "");
        i = end;
      }
    }
  }
}
