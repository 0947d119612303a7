package dev.diecast.kernels.host;

import dev.diecast.kernels.msl.MslException;
import dev.diecast.kernels.msl.MslSource;
import dev.diecast.kernels.msl.SourceLine;
import java.util.ArrayList;
import java.util.List;

/** The words of all comments that start with {@code // check:}, each with its line. */
final class CheckWords {
  private static final String MARK = "// check:";

  private final List<String> words = new ArrayList<>();
  private final List<SourceLine> lines = new ArrayList<>();
  private final SourceLine end;
  private int at;

  CheckWords(MslSource source) {
    int number = 0;
    for (String line : source.text().lines().toList()) {
      number++;
      String comment = line.strip();
      if (comment.startsWith(MARK)) {
        for (String word : comment.substring(MARK.length()).strip().split("\\s+", -1)) {
          if (!word.isEmpty()) {
            words.add(word);
            lines.add(source.at(number));
          }
        }
      }
    }
    this.end = source.at(Math.max(1, number));
  }

  boolean hasNext() {
    return at < words.size();
  }

  /** The next word without taking it; empty at the end. */
  String peek() {
    return hasNext() ? words.get(at) : "";
  }

  /** The next word, which must be there. */
  String take(String what) {
    if (!hasNext()) {
      throw new MslException(end, "the check ends where " + what + " should follow");
    }
    return words.get(at++);
  }

  /** Takes the next word if it is this one. */
  boolean skip(String word) {
    boolean here = peek().equals(word);
    at += here ? 1 : 0;
    return here;
  }

  boolean nextIsNumber() {
    return peek().matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
  }

  double number(String what) {
    if (!nextIsNumber()) {
      throw problem(what + " is a number, not '" + peek() + "'");
    }
    return Double.parseDouble(take(what));
  }

  long count(String what) {
    String word = take(what);
    if (!word.matches("\\d{1,15}")) {
      at--;
      throw problem(what + " is a whole number, not '" + word + "'");
    }
    return Long.parseLong(word);
  }

  /** One to three whole numbers. */
  Size3 size(String what) {
    long x = count(what);
    long y = nextIsNumber() ? count(what) : 1;
    long z = nextIsNumber() ? count(what) : 1;
    try {
      return new Size3(x, y, z);
    } catch (IllegalArgumentException e) {
      throw problem(what + ": " + e.getMessage());
    }
  }

  SourceLine line() {
    return hasNext() ? lines.get(at) : end;
  }

  MslException problem(String reason) {
    return new MslException(line(), reason);
  }
}
