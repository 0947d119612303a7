package dev.diecast.plans.tokenizer;

import static java.util.regex.Pattern.UNICODE_CHARACTER_CLASS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a byte-level BPE cuts text into words before it merges: a list of stages, where a stage cuts
 * every word of the stage before it into the matches of a pattern and the text between them.
 * Lookaheads see no further than their word.
 *
 * @param names what files call it
 * @param ignoresMerges a word that stands in the vocabulary is one token, whatever the merges make
 *     of it
 * @param addsBos text starts with BOS unless the file says otherwise
 * @param stages the patterns, none of which matches nothing
 */
record PreTokenizer(
    List<String> names, boolean ignoresMerges, boolean addsBos, List<Pattern> stages) {

  static PreTokenizer of(
      List<String> names, boolean ignoresMerges, boolean addsBos, String... stages) {
    // With this flag \s is Unicode's White_Space.
    List<Pattern> patterns =
        Arrays.stream(stages).map(p -> Pattern.compile(p, UNICODE_CHARACTER_CLASS)).toList();
    return new PreTokenizer(names, ignoresMerges, addsBos, patterns);
  }

  /** Cuts text into words; joined they are the text. */
  List<String> split(String text) {
    var ends = new IntList();
    ends.add(text.length());
    for (Pattern stage : stages) {
      ends = refine(ends, stage.matcher(text));
    }
    var words = new ArrayList<String>(ends.size());
    int start = 0;
    for (int i = 0; i < ends.size(); i++) {
      words.add(text.substring(start, ends.get(i)));
      start = ends.get(i);
    }
    return words;
  }

  private static IntList refine(IntList ends, Matcher matcher) {
    var finer = new IntList();
    int start = 0;
    for (int i = 0; i < ends.size(); i++) {
      int end = ends.get(i);
      matcher.region(start, end);
      while (matcher.find()) {
        if (matcher.start() > start) {
          finer.add(matcher.start());
        }
        finer.add(matcher.end());
        start = matcher.end();
      }
      if (start < end) {
        finer.add(end);
      }
      start = end;
    }
    return finer;
  }
}
