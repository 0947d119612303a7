package dev.diecast.tools.check;

import dev.diecast.tools.check.PlanGaps.DispatchGaps;
import dev.diecast.tools.check.PlanGaps.OtherChoice;
import dev.diecast.tools.check.PlanGaps.OutputGap;
import dev.diecast.tools.console.Console;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A check's outcome for people and for programs. */
public final class CheckPrinter {
  private static final int WORST = 12;

  private final CheckReport report;
  private final Console console;

  /** A printer of a report. */
  public CheckPrinter(CheckReport report, Console console) {
    this.report = report;
    this.console = console;
  }

  /**
   * Writes tables.
   *
   * @param all every dispatch in order, not only the worst
   */
  public void table(boolean all) throws IOException {
    for (PlanGaps plan : report.plans()) {
      console.line(
          "plan %s: %d dispatches, %d of %d tokens judged",
          plan.name(), plan.dispatches().size(), plan.judged(), report.tokens().size());
      otherChoice(plan.other());
      dispatches(all ? plan.dispatches() : worst(plan));
      console.line(
          "logits: relative L2 %s, at most %s apart; allowed %s%n",
          figure(plan.logits().relative()),
          figure(plan.logits().largest()),
          figure(report.tolerance().logits()));
    }
    if (report.plans().size() > 1) {
      console.line(
          "between the plans: relative L2 of logits %s", figure(report.between().relative()));
    }
    verdict();
  }

  /** Writes the documented JSON document. */
  public void json() throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("holds", report.holds());
    json.put("tokens", report.tokens());
    Map<String, Object> tolerance = new LinkedHashMap<>();
    tolerance.put("logits", report.tolerance().logits());
    tolerance.put("dispatch", report.tolerance().dispatch());
    json.put("tolerance", tolerance);
    json.put("between", gap(report.between()));
    json.put("plans", report.plans().stream().map(this::plan).toList());
    console.println(
        JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(json));
  }

  private List<DispatchGaps> worst(PlanGaps plan) {
    return plan.worstFirst().stream().filter(d -> !d.outputs().isEmpty()).limit(WORST).toList();
  }

  private void otherChoice(@Nullable OtherChoice other) throws IOException {
    if (other != null) {
      console.line(
          "  token %d, %s: other experts, nearly tied; nothing after that is compared",
          other.position(), other.label());
    }
  }

  private void dispatches(List<DispatchGaps> dispatches) throws IOException {
    console.line(
        "  %4s  %-32s %-18s %-8s %9s %9s %6s",
        "#", "dispatch", "kernel", "output", "rel L2", "max abs", "token");
    for (DispatchGaps dispatch : dispatches) {
      for (OutputGap output : dispatch.outputs()) {
        boolean seen = output.compared();
        console.line(
            "  %4d  %-32s %-18s %-8s %9s %9s %6s%s",
            dispatch.index(),
            dispatch.label(),
            dispatch.kernel(),
            output.slot(),
            seen ? figure(output.gap().relative()) : "-",
            seen ? figure(output.gap().largest()) : "-",
            seen ? output.position() : "-",
            output.gap().relative() > report.tolerance().dispatch() ? "  beyond" : "");
      }
    }
  }

  private void verdict() throws IOException {
    for (PlanGaps plan : report.plans()) {
      if (plan.judged() == 0) {
        console.line("plan %s: no token's logits were compared", plan.name());
      }
      DispatchGaps first = plan.firstBeyond(report.tolerance().dispatch());
      if (first != null) {
        console.line(
            "plan %s: the first dispatch beyond %s is %d, %s (%s)",
            plan.name(),
            figure(report.tolerance().dispatch()),
            first.index(),
            first.label(),
            first.kernel());
      }
    }
    console.println(report.holds() ? "holds" : "does not hold");
  }

  private Map<String, Object> plan(PlanGaps plan) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", plan.name());
    json.put("judged_tokens", plan.judged());
    json.put("other_experts", other(plan.other()));
    json.put("logits", gap(plan.logits()));
    DispatchGaps first = plan.firstBeyond(report.tolerance().dispatch());
    json.put("first_beyond", first == null ? null : first.index());
    json.put("dispatches", plan.dispatches().stream().map(CheckPrinter::dispatch).toList());
    return json;
  }

  private static @Nullable Map<String, Object> other(@Nullable OtherChoice choice) {
    if (choice == null) {
      return null;
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("token", choice.position());
    json.put("dispatch", choice.dispatch());
    return json;
  }

  private static Map<String, Object> dispatch(DispatchGaps dispatch) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("index", dispatch.index());
    json.put("label", dispatch.label());
    json.put("kernel", dispatch.kernel());
    json.put("source_ops", dispatch.sources());
    json.put("outputs", dispatch.outputs().stream().map(CheckPrinter::output).toList());
    return json;
  }

  private static Map<String, Object> output(OutputGap output) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("slot", output.slot());
    json.put("compared", output.compared());
    json.putAll(gap(output.gap()));
    json.put("token", output.position());
    return json;
  }

  /** Infinity is null: JSON has no number for it. */
  private static Map<String, Object> gap(Gap gap) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("relative_l2", Double.isFinite(gap.relative()) ? gap.relative() : null);
    json.put("max_abs", Double.isFinite(gap.largest()) ? gap.largest() : null);
    return json;
  }

  private static String figure(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value);
  }
}
