package dev.diecast.tools.selftest;

import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.GenerateOptions;
import dev.diecast.replay.Generation;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tools.check.Gap;
import dev.diecast.tools.check.Tolerance;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The bundled model in a session of one kind.
 *
 * @param name of the check
 * @param plan of the model
 * @param model its weights
 * @param options how the session opens
 * @param reference what float64 says
 * @param judged how many tokens of it can be compared
 */
record WayCheck(
    String name,
    Plan plan,
    GgufFile model,
    SessionOptions options,
    DemoReference reference,
    int judged) {
  private static final String ANSWER = "946 + 566 = 1512";
  // Prefill rounds otherwise than decode: the more tokens, the likelier that experts tie nearly.
  private static final int TOGETHER = 8;
  private static final int LONGEST_ANSWER = 60;

  Check run() {
    try (Session session = Session.open(plan, model, options)) {
      double allowed = Tolerance.of(plan).logits();
      double decoded = decoded(session);
      double prefilled = prefilled(session);
      String figures =
          "logits %.1e off after decode, %.1e after prefill, %.0e allowed"
              .formatted(decoded, prefilled, allowed);
      if (!(decoded <= allowed && prefilled <= allowed)) {
        return Check.fail(name, figures);
      }
      return text(session, figures);
    } catch (RuntimeException e) {
      return Check.fail(name, e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  /** The worst row of logits when tokens come one by one. */
  private double decoded(Session session) {
    double worst = 0;
    for (int i = 0; i < judged; i++) {
      session.feed(reference.tokens()[i]);
      worst = Math.max(worst, gap(session, i));
    }
    return worst;
  }

  /** The last row when they come together. */
  private double prefilled(Session session) {
    int count = Math.min(judged, TOGETHER);
    if (count == 0) {
      return 0;
    }
    session.reset();
    session.prefill(Arrays.copyOf(reference.tokens(), count));
    return gap(session, count - 1);
  }

  private double gap(Session session, int row) {
    float[] logits = session.logits();
    double[] got = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
    return Gap.between(got, reference.rows().get(row)).relative();
  }

  /** With tokens in flight and step by step the same text, which ends in the right answer. */
  private Check text(Session session, String figures) {
    session.reset();
    GenerateOptions options = GenerateOptions.defaults().withMaxTokens(LONGEST_ANSWER);
    Generation generated = session.generate(reference.given(), options, _ -> {});
    List<Integer> stepped = stepped(session, generated.tokens().size());
    if (!generated.tokens().equals(stepped)) {
      return Check.fail(
          name, figures + "; generated " + generated.tokens() + ", step by step it is " + stepped);
    }
    return generated.text().strip().endsWith(ANSWER)
        ? Check.pass(name, figures + "; " + stepped.size() + " tokens, right answer")
        : Check.fail(name, figures + "; the answer is wrong: " + generated.text());
  }

  private List<Integer> stepped(Session session, int count) {
    session.reset();
    int[] tokens = new int[count];
    tokens[0] = session.start(reference.given());
    for (int i = 1; i < count; i++) {
      tokens[i] = session.step();
    }
    return Arrays.stream(tokens).boxed().toList();
  }
}
