package dev.diecast.plans.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds special tokens in text before anything else does. The longest texts (in UTF-8) are searched
 * first, each from left to right in what the longer ones left. User-defined tokens are always
 * found, control and unknown tokens on request.
 */
final class SpecialSplitter {
  private final Vocabulary vocabulary;
  private final int[] specials;
  private final Set<Integer> stripRight;

  /**
   * A splitter for the special tokens of a vocabulary.
   *
   * @param stripRight tokens that swallow the white space behind them
   */
  SpecialSplitter(Vocabulary vocabulary, Set<Integer> stripRight) {
    this.vocabulary = vocabulary;
    this.stripRight = Set.copyOf(stripRight);
    var found = new ArrayList<Integer>();
    for (int id = 0; id < vocabulary.size(); id++) {
      boolean special =
          vocabulary.kind(id).isSpecial() || vocabulary.kind(id) == TokenKind.USER_DEFINED;
      if (special && !vocabulary.text(id).isEmpty()) {
        found.add(id);
      }
    }
    found.sort(Comparator.comparingInt(id -> -utf8Length(vocabulary.text(id))));
    specials = found.stream().mapToInt(Integer::intValue).toArray();
  }

  /** A piece of the text: a special token, or text without one. */
  sealed interface Fragment {
    /** A special token. */
    record Special(int id) implements Fragment {}

    /** Text from {@code start} to before {@code end}. */
    record Plain(int start, int end) implements Fragment {}
  }

  /** Cuts a text, which has at least one character. */
  List<Fragment> split(String text, boolean parseSpecial) {
    List<Fragment> fragments = List.of(new Fragment.Plain(0, text.length()));
    for (int id : specials) {
      boolean wanted = parseSpecial || vocabulary.kind(id) == TokenKind.USER_DEFINED;
      if (wanted && text.contains(vocabulary.text(id))) {
        fragments = splitAt(id, text, fragments);
      }
    }
    return fragments;
  }

  private List<Fragment> splitAt(int id, String text, List<Fragment> fragments) {
    var finer = new ArrayList<Fragment>(fragments.size() + 2);
    for (Fragment fragment : fragments) {
      switch (fragment) {
        case Fragment.Special special -> finer.add(special);
        case Fragment.Plain plain -> splitAt(id, text, plain, finer);
      }
    }
    return finer;
  }

  private void splitAt(int id, String text, Fragment.Plain plain, List<Fragment> out) {
    String special = vocabulary.text(id);
    int start = plain.start();
    while (start < plain.end()) {
      int match = text.indexOf(special, start, plain.end());
      if (match < 0) {
        break;
      }
      if (match > start) {
        out.add(new Fragment.Plain(start, match));
      }
      out.add(new Fragment.Special(id));
      start = match + special.length();
      while (stripRight.contains(id) && start < plain.end() && isSpace(text.charAt(start))) {
        start++;
      }
    }
    if (start < plain.end()) {
      out.add(new Fragment.Plain(start, plain.end()));
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static int utf8Length(String text) {
    return text.getBytes(UTF_8).length;
  }

  /**
   * The tokens that swallow white space behind them. No file states them; Phi-3 is known to have
   * them, by its name.
   */
  static Set<Integer> strippingRight(String modelName, Vocabulary vocabulary) {
    String name = modelName.toLowerCase(Locale.ROOT);
    var ids = new HashSet<Integer>();
    if (name.contains("phi-3") || name.contains("phi3")) {
      for (int id = 0; id < vocabulary.size(); id++) {
        if (vocabulary.kind(id).isSpecial() || vocabulary.kind(id) == TokenKind.USER_DEFINED) {
          ids.add(id);
        }
      }
      ids.add(vocabulary.find("</s>"));
      for (String kept : List.of("<unk>", "<s>", "<|endoftext|>")) {
        ids.remove(vocabulary.find(kept));
      }
    }
    return ids;
  }
}
