package dev.diecast.tools.selftest;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.tokenizer.Tokenizer;
import dev.diecast.replay.GenerateOptions;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tools.check.Gap;
import dev.diecast.tools.check.Tolerance;
import dev.diecast.tools.demo.ChatPrompt;
import dev.diecast.tools.demo.DemoModel;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The bundled model against the float64 interpreter: logits of every token, those of a prefill, and
 * the text that it generates.
 *
 * @param device that plans are compiled for
 * @param ways how sessions open
 * @param named which checks are wanted, by name
 * @param inTime whether another check may be begun
 */
record ModelChecks(String device, List<Way> ways, Predicate<String> named, BooleanSupplier inTime) {
  /** How a session opens, by a name for people. */
  record Way(String name, SessionOptions options) {}

  private static final String QUESTION = "What is 946 + 566?";
  private static final int TOKENS = 32;
  private static final int CONTEXT = 128;

  void run(Consumer<Check> found) throws IOException {
    for (DemoModel.Type type : List.of(DemoModel.Type.Q8_0, DemoModel.Type.Q4_0)) {
      List<Way> wanted = ways.stream().filter(way -> named.test(name(type, way))).toList();
      if (!wanted.isEmpty()) {
        model(type, wanted, found);
      }
    }
  }

  private static String name(DemoModel.Type type, Way way) {
    return "model demo " + type.text() + ", " + way.name();
  }

  private void model(DemoModel.Type type, List<Way> wanted, Consumer<Check> found)
      throws IOException {
    if (!inTime.getAsBoolean()) {
      wanted.forEach(way -> found.accept(Check.skip(name(type, way))));
      return;
    }
    try (DemoModel demo = DemoModel.unpack(type);
        GgufFile file = GgufFile.open(demo.path())) {
      int[] prompt = Tokenizer.of(file.metadata()).encode(ChatPrompt.of(QUESTION), true, true);
      DemoReference reference = DemoReference.of(file, prompt, TOKENS);
      Plan plan =
          PlanCompiler.compile(
              file, CompileOptions.DEFAULTS.withDevice(device).withContext(CONTEXT));
      for (Way way : wanted) {
        found.accept(
            inTime.getAsBoolean()
                ? check(name(type, way), plan, file, way.options(), reference)
                : Check.skip(name(type, way)));
      }
    }
  }

  private static Check check(
      String name, Plan plan, GgufFile file, SessionOptions options, DemoReference reference) {
    try (Session session = Session.open(plan, file, options)) {
      double allowed = Tolerance.of(plan).logits();
      double worst = worstRow(session, reference);
      double prefill = prefilled(session, reference);
      String figures =
          "logits %.1e off over %d tokens, %.1e after prefill, %.0e allowed"
              .formatted(worst, reference.rows().size(), prefill, allowed);
      if (!(worst <= allowed && prefill <= allowed)) {
        return Check.fail(name, figures);
      }
      int equal = equalTokens(session, reference);
      int certain = certainTokens(reference, Math.max(worst, prefill));
      String text = "%d of %d tokens of the text equal".formatted(equal, TOKENS);
      return equal >= certain
          ? Check.pass(name, figures + "; " + text)
          : Check.fail(name, "%s; %s, %d are no close call".formatted(figures, text, certain));
    } catch (RuntimeException e) {
      return Check.fail(name, e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private static double worstRow(Session session, DemoReference reference) {
    double worst = 0;
    int[] tokens = reference.fed();
    for (int i = 0; i < tokens.length; i++) {
      session.feed(tokens[i]);
      worst = Math.max(worst, gap(session, reference.rows().get(i)));
    }
    return worst;
  }

  private static double prefilled(Session session, DemoReference reference) {
    session.reset();
    session.prefill(reference.prompt());
    return gap(session, reference.afterPrompt());
  }

  private static double gap(Session session, double[] wanted) {
    float[] logits = session.logits();
    double[] got = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
    return Gap.between(got, wanted).relative();
  }

  /** How many tokens of a generated text, with as many in flight as allowed, are as they should. */
  private static int equalTokens(Session session, DemoReference reference) {
    session.reset();
    List<Integer> tokens =
        session
            .generate(reference.prompt(), GenerateOptions.defaults().withMaxTokens(TOKENS), _ -> {})
            .tokens();
    int[] got = tokens.stream().mapToInt(Integer::intValue).toArray();
    int differ = Arrays.mismatch(got, reference.chosen());
    return differ < 0 ? got.length : differ;
  }

  /** Tokens before the first whose lead could be lost by errors as large as those found. */
  private static int certainTokens(DemoReference reference, double relative) {
    for (int i = 0; i < TOKENS; i++) {
      double[] row = reference.rows().get(reference.prompt().length - 1 + i);
      double norm = Math.sqrt(Arrays.stream(row).map(v -> v * v).sum());
      if (reference.lead(i) < 2 * relative * norm) {
        return i;
      }
    }
    return TOKENS;
  }
}
