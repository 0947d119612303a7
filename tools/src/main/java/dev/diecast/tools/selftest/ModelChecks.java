package dev.diecast.tools.selftest;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.tokenizer.Tokenizer;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tools.check.CheckReport;
import dev.diecast.tools.check.PlanGaps;
import dev.diecast.tools.check.ReplayCheck;
import dev.diecast.tools.check.ReplayCheck.Subject;
import dev.diecast.tools.demo.ChatPrompt;
import dev.diecast.tools.demo.DemoModel;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The bundled model against the float64 interpreter: what every dispatch writes, the logits of
 * every token and those of a prefill; and the text that it generates. Where two experts score so
 * nearly alike that rounding decides between them, the comparison with the interpreter ends.
 *
 * @param device that plans are compiled for
 * @param ways how sessions open
 * @param named which checks are wanted, by name
 * @param inTime whether another check may be begun
 */
record ModelChecks(String device, List<Way> ways, Predicate<String> named, BooleanSupplier inTime) {
  /** How a session opens, by a name for people. */
  record Way(String name, SessionOptions options) {}

  private static final String DISPATCHES = "dispatches";
  private static final String QUESTION = "What is 946 + 566?";
  private static final int FOLLOWING = 16;
  private static final int CONTEXT = 128;

  void run(Consumer<Check> found) throws IOException {
    for (DemoModel.Type type : List.of(DemoModel.Type.Q8_0, DemoModel.Type.Q4_0)) {
      List<Way> wanted = ways.stream().filter(way -> named.test(name(type, way.name()))).toList();
      boolean dispatches = named.test(name(type, DISPATCHES));
      if (dispatches || !wanted.isEmpty()) {
        model(type, dispatches, wanted, found);
      }
    }
  }

  private static String name(DemoModel.Type type, String what) {
    return "model demo " + type.text() + ", " + what;
  }

  private void model(
      DemoModel.Type type, boolean dispatches, List<Way> wanted, Consumer<Check> found)
      throws IOException {
    if (!inTime.getAsBoolean()) {
      wanted.forEach(way -> found.accept(Check.skip(name(type, way.name()))));
      return;
    }
    try (DemoModel demo = DemoModel.unpack(type);
        GgufFile file = GgufFile.open(demo.path())) {
      int[] prompt = Tokenizer.of(file.metadata()).encode(ChatPrompt.of(QUESTION), true, true);
      DemoReference reference = DemoReference.of(file, prompt, FOLLOWING);
      Plan plan =
          PlanCompiler.compile(
              file, CompileOptions.DEFAULTS.withDevice(device).withContext(CONTEXT));
      Judged judged = judged(name(type, DISPATCHES), plan, file, reference);
      if (dispatches) {
        found.accept(judged.check());
      }
      for (Way way : wanted) {
        String name = name(type, way.name());
        found.accept(
            inTime.getAsBoolean()
                ? new WayCheck(name, plan, file, way.options(), reference, judged.tokens()).run()
                : Check.skip(name));
      }
    }
  }

  /** What came of the dispatches, and how many tokens can be compared. */
  private record Judged(Check check, int tokens) {}

  private Judged judged(String name, Plan plan, GgufFile file, DemoReference reference) {
    try {
      CheckReport report =
          new ReplayCheck(file, file, ways.getFirst().options(), null)
              .run(List.of(Subject.of("fused", plan)), reference.tokens(), _ -> {});
      PlanGaps gaps = report.plans().getFirst();
      String figures =
          "%d dispatches, %d of %d tokens compared, logits %.1e off, %.0e allowed"
              .formatted(
                  plan.decode().dispatches().size(),
                  gaps.judged(),
                  reference.tokens().length,
                  gaps.logits().relative(),
                  report.tolerance().logits());
      return new Judged(
          report.holds()
              ? Check.pass(name, figures)
              : Check.fail(name, figures + "; `replay --check` tells where"),
          gaps.judged());
    } catch (RuntimeException e) {
      return new Judged(Check.fail(name, String.valueOf(e.getMessage())), 0);
    }
  }
}
