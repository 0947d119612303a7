package dev.diecast.kernels.msl;

import java.util.ArrayList;
import java.util.List;

/** Splits a file into its declarations; looks into namespaces, not into anything else. */
final class Declarations {
  private final MslSource source;
  private final List<Token> tokens;
  private final List<Declaration> found = new ArrayList<>();
  private final List<Token> scopes = new ArrayList<>();
  private int at;

  private Declarations(MslSource source, List<Token> tokens) {
    this.source = source;
    this.tokens = tokens;
  }

  /** The declarations in order; directives must be gone from the tokens. */
  static List<Declaration> of(MslSource source, List<Token> tokens) {
    return new Declarations(source, tokens).run();
  }

  private List<Declaration> run() {
    while (at < tokens.size()) {
      Token token = tokens.get(at);
      if (token.is(";")) {
        at++;
      } else if (token.is("}")) {
        leaveScope(token);
      } else {
        declaration();
      }
    }
    if (!scopes.isEmpty()) {
      throw new MslException(source.at(scopes.getLast().line()), "this namespace is never closed");
    }
    return List.copyOf(found);
  }

  private void leaveScope(Token brace) {
    if (scopes.isEmpty()) {
      throw new MslException(source.at(brace.line()), "this '}' closes nothing");
    }
    scopes.removeLast();
    at++;
  }

  private void declaration() {
    int end = headEnd();
    List<Token> head = tokens.subList(at, end);
    if (end == tokens.size()) {
      throw new MslException(
          source.at(head.getFirst().line()), "this declaration ends in neither ';' nor a body");
    }
    boolean scope = head.stream().findFirst().filter(Declarations::opensScope).isPresent();
    if (scope && tokens.get(end).is("{")) {
      scopes.add(head.getFirst());
      at = end + 1;
      return;
    }
    int bodyEnd = tokens.get(end).is("{") ? Tokens.closing(tokens, end, source) + 1 : end;
    if (!head.isEmpty()) {
      found.add(Declaration.of(head, tokens.subList(end, bodyEnd), source));
    }
    at = Math.max(bodyEnd, end + (bodyEnd == end ? 1 : 0));
  }

  private static boolean opensScope(Token first) {
    return first.is("namespace") || first.is("extern");
  }

  private int headEnd() {
    int i = at;
    while (i < tokens.size() && !tokens.get(i).is("{") && !tokens.get(i).is(";")) {
      Token token = tokens.get(i);
      if (token.is("(") || token.is("[")) {
        i = Tokens.closing(tokens, i, source);
      } else if (token.is(")") || token.is("]") || token.is("}")) {
        throw new MslException(source.at(token.line()), "this '" + token + "' closes nothing");
      }
      i++;
    }
    return i;
  }
}
