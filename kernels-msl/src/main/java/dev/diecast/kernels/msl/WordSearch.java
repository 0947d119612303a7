package dev.diecast.kernels.msl;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds words in code, not in comments or literals. */
public final class WordSearch {
  private WordSearch() {}

  /**
   * A word where it stands.
   *
   * @param column from 1
   */
  public record Match(SourceLine where, int column, String word) {}

  /** All places of some words, those in macro definitions included. */
  public static List<Match> find(MslSource source, Set<String> words) {
    var matches = new ArrayList<Match>();
    for (Token token : Lexer.tokens(source)) {
      boolean macro =
          token.kind() == Token.Kind.DIRECTIVE && token.text().matches("(?s)#\\s*define\\b.*");
      for (Token each : macro ? Lexer.within(source, token) : List.of(token)) {
        if (each.isWord() && words.contains(each.text())) {
          int lineStart = source.text().lastIndexOf('\n', each.start()) + 1;
          matches.add(new Match(source.at(each.line()), each.start() - lineStart + 1, each.text()));
        }
      }
    }
    return matches;
  }
}
