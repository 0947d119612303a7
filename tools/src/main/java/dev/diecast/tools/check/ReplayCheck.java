package dev.diecast.tools.check;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.capture.arch.Architectures;
import dev.diecast.capture.graph.GgufWeights;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.passes.PassSelection;
import dev.diecast.capture.passes.Passes;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.SessionOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Replays plans of a model side by side, each token through the float64 interpreter first, and
 * compares what every dispatch wrote with the value that the interpreter has for it.
 *
 * @param truth the weights that the interpreter reads
 * @param replayed those that the plans read; the same file, unless a test plants a fault
 * @param options of the sessions
 * @param tolerance what is rounding; null takes what is stated for the model's weights
 */
public record ReplayCheck(
    GgufFile truth, GgufFile replayed, SessionOptions options, @Nullable Tolerance tolerance) {
  /** A plan by the passes that made it. */
  public record Subject(String name, Plan plan, PassSelection passes) {
    /** Compiles a plan with those passes. */
    public static Subject compile(
        String name, GgufFile model, CompileOptions options, PassSelection passes) {
      return new Subject(name, PlanCompiler.compile(model, options.withPasses(passes)), passes);
    }

    /** A plan as it is; the passes are those that it says ran. */
    public static Subject of(String name, Plan plan) {
      List<String> switches = new ArrayList<>(List.of("-all"));
      plan.passes().forEach(pass -> switches.add("+" + pass.name()));
      return new Subject(name, plan, new PassSelection(switches));
    }
  }

  /** Runs the tokens; {@code progress} hears how many are done. */
  public CheckReport run(List<Subject> subjects, int[] tokens, LongConsumer progress) {
    GgufWeights weights = new GgufWeights(truth);
    Graph trace = Architectures.of(truth).trace(truth, weights);
    Reference reference = new Reference(trace, weights);
    Tolerance allowed = tolerance != null ? tolerance : Tolerance.of(subjects.getFirst().plan());
    List<CheckedPlan> plans = new ArrayList<>();
    try {
      for (Subject subject : subjects) {
        Graph graph = Passes.run(trace, subject.passes()).graph();
        plans.add(
            new CheckedPlan(
                subject.name(),
                subject.plan(),
                graph,
                replayed,
                options,
                reference,
                weights,
                allowed));
      }
      Gap between = Gap.NONE;
      for (int i = 0; i < tokens.length; i++) {
        between = between.max(step(tokens[i], reference, plans));
        progress.accept(i + 1L);
      }
      return new CheckReport(
          Arrays.stream(tokens).boxed().toList(),
          plans.stream().map(CheckedPlan::found).toList(),
          between,
          allowed);
    } finally {
      plans.forEach(CheckedPlan::close);
    }
  }

  /** One token through all; the greatest gap between the first plan and another. */
  private static Gap step(int token, Reference reference, List<CheckedPlan> plans) {
    double[] wanted = reference.step(token);
    double @Nullable [] first = plans.getFirst().step(token, wanted);
    Gap between = Gap.NONE;
    for (CheckedPlan plan : plans.subList(1, plans.size())) {
      double @Nullable [] other = plan.step(token, wanted);
      if (first != null && other != null) {
        between = between.max(Gap.between(other, first));
      }
    }
    return between;
  }
}
