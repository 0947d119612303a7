package dev.diecast.tools.inspect;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** For each dispatch, the traced operations that it computes and the rules that put them there. */
final class WhyReport {
  private final Plan plan;
  private final PlanNames names;
  private final FiredRules rules;

  WhyReport(Plan plan) {
    this.plan = plan;
    names = new PlanNames(plan);
    rules = new FiredRules(plan);
  }

  void print(Program program, Predicate<Dispatch> shown, Appendable out) throws IOException {
    Set<String> fired = new TreeSet<>();
    List<Dispatch> dispatches = program.dispatches();
    for (int i = 0; i < dispatches.size(); i++) {
      if (shown.test(dispatches.get(i))) {
        print(i, dispatches.get(i), out);
        fired.addAll(rules.of(dispatches.get(i)));
      }
    }
    FusionRate rate = FusionRate.of(dispatches.stream().filter(shown).toList());
    out.append(
        String.format(
            Locale.ROOT,
            "  %d traced operations in %d dispatches: %.2f each%n",
            rate.sourceOps(),
            rate.dispatches(),
            rate.rate()));
    legend(fired, out);
  }

  private void print(int index, Dispatch dispatch, Appendable out) throws IOException {
    List<String> fired = rules.of(dispatch);
    out.append(
        String.format(
            Locale.ROOT,
            "  %4d  %s  %s  %s%n",
            index,
            Display.name(dispatch.label()),
            Display.name(names.kernel(dispatch)),
            fired.isEmpty() ? "as traced" : "by " + String.join(", ", fired)));
    out.append("        from ")
        .append(Display.text(String.join(", ", dispatch.sourceOps()), 1000))
        .append('\n');
  }

  private void legend(Set<String> fired, Appendable out) throws IOException {
    for (Plan.PassReport pass : plan.passes()) {
      if (fired.contains(pass.name())) {
        out.append("  ")
            .append(Display.name(pass.name()))
            .append(" (" + pass.changes() + " in the plan): ")
            .append(Display.name(pass.summary()))
            .append('\n');
      }
    }
  }
}
