package dev.diecast.tools.inspect;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import java.io.IOException;
import java.util.Locale;

/** Prints the views of a program that somebody asked for. */
final class ViewReport {
  private final Plan plan;
  private final Views views;
  private final Program program;
  private final ProgramCost cost;
  private final Appendable out;

  ViewReport(Plan plan, CostModel model, Views views, Appendable out) {
    this.plan = plan;
    this.views = views;
    this.out = out;
    program = plan.program(views.program());
    cost = model.cost(program);
    if (program.dispatches().stream().noneMatch(views::shows)) {
      throw new PlanException(
          "program '"
              + program.name()
              + "' has no layer "
              + views.layer().orElse(-1)
              + "; its layers are 0 to "
              + program.dispatches().stream().mapToInt(Dispatch::layer).max().orElse(-1));
    }
  }

  void print() throws IOException {
    out.append(CostText.device(cost)).append('\n');
    out.append(CostText.program(program, cost)).append('\n');
    if (views.layers()) {
      title("layers");
      LayerTable.print(LayerCost.of(program, cost), out);
    }
    if (views.kernels()) {
      title("kernels");
      KernelBudgetTable.print(KernelBudget.of(plan, program, cost), cost, views.width(), out);
      FusionRate rate = FusionRate.of(program);
      out.append(
          String.format(
              Locale.ROOT,
              "  %d traced operations in %d dispatches: %.2f each%n",
              rate.sourceOps(),
              rate.dispatches(),
              rate.rate()));
    }
    if (views.memory()) {
      title("memory");
      MemoryReport.print(plan, program, views.width(), out);
    }
    if (views.why()) {
      title("why");
      new WhyReport(plan).print(program, views::shows, out);
    }
    if (views.layer().isPresent()) {
      title("layer " + views.layer().getAsInt());
      new DispatchList(plan, views.width()).print(program, cost, views::shows, out);
    }
  }

  private void title(String title) throws IOException {
    out.append('\n').append(title).append(" of ").append(Display.name(program.name())).append('\n');
  }
}
