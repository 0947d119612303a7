package dev.diecast.tools.demo;

import dev.diecast.replay.GenerateOptions;
import dev.diecast.replay.Sampling;
import dev.diecast.replay.Session;
import dev.diecast.tools.demo.HeldOutItem.Kind;
import dev.diecast.tools.demo.grammar.StoryGrammar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * How well a model answers the held-out questions and tells stories.
 *
 * @param answers score of each kind that was asked
 * @param wrong the questions that were answered wrongly
 * @param stories those that the grammar accepts, if any were told
 */
public record Evaluation(
    Map<Kind, Score> answers, List<WrongAnswer> wrong, Optional<Score> stories) {
  private static final String STORY = "Once upon a time";
  private static final int ANSWER_TOKENS = 80;
  private static final int STORY_TOKENS = 240;

  /** A question and what was said in place of its answer. */
  public record WrongAnswer(HeldOutItem item, String said) {}

  /** An evaluation with its own copies. */
  public Evaluation {
    answers = Map.copyOf(answers);
    wrong = List.copyOf(wrong);
  }

  /**
   * Asks all questions, taking the likeliest token every time, then has stories told at temperature
   * 0.8, each with its own seed.
   *
   * @param done is told how many questions and stories are done
   */
  public static Evaluation run(Session session, HeldOutSet set, int stories, LongConsumer done)
      throws IOException {
    Map<Kind, Integer> asked = new EnumMap<>(Kind.class);
    Map<Kind, Integer> right = new EnumMap<>(Kind.class);
    List<WrongAnswer> wrong = new ArrayList<>();
    long count = 0;
    for (HeldOutItem item : set.items()) {
      String said = text(session, ChatPrompt.of(item.question()), ANSWER_TOKENS, Sampling.greedy());
      asked.merge(item.kind(), 1, Integer::sum);
      if (item.isAnsweredBy(said)) {
        right.merge(item.kind(), 1, Integer::sum);
      } else {
        wrong.add(new WrongAnswer(item, said));
      }
      done.accept(++count);
    }
    Map<Kind, Score> answers = new EnumMap<>(Kind.class);
    asked.forEach(
        (kind, total) -> answers.put(kind, new Score(right.getOrDefault(kind, 0), total)));
    return new Evaluation(answers, wrong, stories(session, stories, count, done));
  }

  private static Optional<Score> stories(Session session, int total, long before, LongConsumer done)
      throws IOException {
    if (total == 0) {
      return Optional.empty();
    }
    StoryGrammar grammar = StoryGrammar.load();
    int right = 0;
    for (int seed = 0; seed < total; seed++) {
      // Nothing but the temperature: top-k and the like would hide unlikely mistakes.
      Sampling sampling = new Sampling(0.8f, 0, 1, 0, 1, 0, seed);
      if (grammar.accepts(STORY + text(session, STORY, STORY_TOKENS, sampling))) {
        right++;
      }
      done.accept(before + seed + 1);
    }
    return Optional.of(new Score(right, total));
  }

  private static String text(Session session, String prompt, int tokens, Sampling sampling) {
    var options = GenerateOptions.defaults().withMaxTokens(tokens).withSampling(sampling);
    return session.generate(prompt, options, _ -> {}).text();
  }

  /** The score of all questions together. */
  public Score overall() {
    int right = answers.values().stream().mapToInt(Score::right).sum();
    int total = answers.values().stream().mapToInt(Score::total).sum();
    return new Score(right, total);
  }
}
