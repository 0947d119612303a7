package dev.diecast.kernels.msl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Replacements in a text that leave every line on its number. */
final class Edits {
  private record Edit(int start, int end, String replacement) {}

  private final String text;
  private final List<Edit> edits = new ArrayList<>();

  Edits(String text) {
    this.text = text;
  }

  void replace(int start, int end, String replacement) {
    edits.add(new Edit(start, end, replacement));
  }

  void replace(Token token, String replacement) {
    replace(token.start(), token.end(), replacement);
  }

  void insert(int at, String added) {
    replace(at, at, added);
  }

  /** From the first to the last token. */
  void replace(List<Token> tokens, String replacement) {
    replace(tokens.getFirst().start(), tokens.getLast().end(), replacement);
  }

  String apply() {
    var result = new StringBuilder(text.length() + 64 * edits.size());
    edits.sort(Comparator.comparingInt(Edit::start).thenComparingInt(Edit::end));
    int at = 0;
    for (Edit edit : edits) {
      if (edit.start() < at) {
        continue; // Inside a range that is gone already.
      }
      result.append(text, at, edit.start()).append(edit.replacement());
      text.substring(edit.start(), edit.end())
          .chars()
          .filter(c -> c == '\n')
          .forEach(_ -> result.append('\n'));
      at = edit.end();
    }
    return result.append(text, at, text.length()).toString();
  }
}
