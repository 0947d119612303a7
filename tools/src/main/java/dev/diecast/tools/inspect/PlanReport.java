package dev.diecast.tools.inspect;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The sections of a readable dump of a plan. */
final class PlanReport {
  private final Plan plan;
  private final CostModel model;
  private final Appendable out;

  PlanReport(Plan plan, CostModel model, Appendable out) {
    this.plan = plan;
    this.model = model;
    this.out = out;
  }

  void header() throws IOException {
    ModelRef model = plan.model();
    line("plan for " + Display.name(plan.device()) + ", by " + Display.name(plan.producer()));
    line("model " + Display.name(model.name()) + " (" + Display.name(model.architecture()) + ")");
    line(
        "  "
            + model.layers()
            + " layers, width "
            + model.embedding()
            + ", vocabulary "
            + model.vocab()
            + ", context "
            + model.context()
            + ", weights "
            + Display.name(model.weightType()));
    String fingerprint = model.fingerprint().isEmpty() ? "none, a shape" : model.fingerprint();
    line("  fingerprint " + fingerprint);
  }

  void totals() throws IOException {
    title("totals");
    List<String> columns = new ArrayList<>(List.of("per run"));
    Map<String, List<Object>> rows = new LinkedHashMap<>();
    for (Program program : plan.programs()) {
      columns.add(Display.name(program.name()));
      ProgramTotals.of(plan, program)
          .named()
          .forEach((name, value) ->
              rows.computeIfAbsent(name, key -> new ArrayList<>(List.of(key))).add(value));
    }
    TextTable table = new TextTable("  ", columns.toArray(String[]::new));
    rows.values().forEach(row -> table.row(row.toArray()));
    table.print(out);
  }

  void prediction() throws IOException {
    title("prediction");
    boolean first = true;
    for (Program program : plan.programs()) {
      ProgramCost cost = model.cost(program);
      if (first) {
        line("  " + CostText.device(cost));
        first = false;
      }
      line(CostText.program(program, cost));
      FusionRate rate = FusionRate.of(program);
      line(
          String.format(
              Locale.ROOT,
              "    %d traced operations in %d dispatches: %.2f each",
              rate.sourceOps(),
              rate.dispatches(),
              rate.rate()));
    }
  }

  void layers(Program program) throws IOException {
    title("layers of " + Display.name(program.name()));
    LayerTable.print(LayerCost.of(program, model.cost(program)), out);
  }

  void kernels() throws IOException {
    title("kernels");
    List<String> columns = new ArrayList<>(List.of("kernel"));
    plan.programs().forEach(program -> columns.add(Display.name(program.name())));
    columns.add("constants");
    TextTable table = new TextTable("  ", columns.toArray(String[]::new));
    for (int i = 0; i < plan.kernels().size(); i++) {
      List<Object> row = new ArrayList<>(List.of(Display.name(plan.kernels().get(i).name())));
      for (Program program : plan.programs()) {
        row.add(uses(program, i));
      }
      row.add(FunctionConstants.text(plan.kernels().get(i)));
      table.row(row.toArray());
    }
    table.print(out);
  }

  void buffers() throws IOException {
    title("buffers");
    TextTable table = new TextTable("  ", "buffer", "kind", "bytes", "size", "place");
    for (PlanBuffer buffer : plan.buffers()) {
      String place =
          buffer instanceof PlanBuffer.Weights w
              ? "file " + w.fileIndex() + " from " + w.fileOffset()
              : "";
      table.row(
          Display.name(buffer.name()),
          PlanNames.kind(buffer),
          buffer.bytes(),
          "(" + Display.size(buffer.bytes()) + ")",
          place);
    }
    table.print(out);
  }

  void passes() throws IOException {
    if (plan.passes().isEmpty() && plan.tuning().isEmpty()) {
      return;
    }
    title("passes and tuning");
    for (Plan.PassReport pass : plan.passes()) {
      line(
          "  "
              + Display.name(pass.name())
              + ": "
              + pass.changes()
              + " changes: "
              + Display.name(pass.summary()));
    }
    for (Plan.TuningChoice choice : plan.tuning()) {
      line("  " + Display.name(choice.key()) + ": " + Display.name(choice.value()));
    }
  }

  void arena(Program program, int barWidth) throws IOException {
    ProgramTotals totals = ProgramTotals.of(plan, program);
    title("arena of " + Display.name(program.name()));
    line(
        "  "
            + totals.arenaBytes()
            + " bytes in use, "
            + totals.arenaLowerBoundBytes()
            + " at least, "
            + totals.arenaNaiveBytes()
            + " without reuse ("
            + MemoryReport.times(totals.arenaBytes(), totals.arenaNaiveBytes())
            + ")");
    ArenaMap.print(program, barWidth, out);
  }

  void dispatches(Program program, int width) throws IOException {
    title(
        "program "
            + Display.name(program.name())
            + ": "
            + program.dispatches().size()
            + " dispatches for up to "
            + program.tokens()
            + " tokens");
    new DispatchList(plan, width).print(program, model.cost(program), dispatch -> true, out);
  }

  private static long uses(Program program, int kernel) {
    return program.dispatches().stream()
        .mapToInt(Dispatch::kernel)
        .filter(k -> k == kernel)
        .count();
  }

  private void title(String title) throws IOException {
    out.append('\n').append(title).append('\n');
  }

  private void line(String text) throws IOException {
    out.append(text).append('\n');
  }
}
