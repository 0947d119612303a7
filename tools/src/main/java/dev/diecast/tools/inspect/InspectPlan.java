package dev.diecast.tools.inspect;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.capture.cost.CostProfiles;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.io.IOException;
import java.io.OutputStream;

/** Dumps of a plan. */
public final class InspectPlan {
  private InspectPlan() {}

  /**
   * What a readable dump shows beside header, totals, kernels and buffers.
   *
   * @param arena a map of the arena for each program
   * @param dispatches all dispatches of each program
   * @param width columns of the terminal
   */
  public record Options(boolean arena, boolean dispatches, int width) {
    /** Everything, for a terminal of 100 columns. */
    public static final Options ALL = new Options(true, true, 100);

    /** Only what fits on a screen. */
    public static final Options SUMMARY = new Options(false, false, 100);
  }

  /** The cost model that a dump uses unless told otherwise: the profile of the plan's device. */
  public static CostModel costs(Plan plan) {
    return CostModel.of(plan, CostProfiles.forTarget(plan.device()));
  }

  /** Writes a readable dump. */
  public static void text(Plan plan, Appendable out, Options options) throws IOException {
    text(plan, costs(plan), out, options);
  }

  /** Writes a readable dump with predictions of that model. */
  public static void text(Plan plan, CostModel costs, Appendable out, Options options)
      throws IOException {
    PlanReport report = new PlanReport(plan, costs, out);
    report.header();
    report.totals();
    report.prediction();
    for (Program program : plan.programs()) {
      report.layers(program);
    }
    report.kernels();
    report.buffers();
    report.passes();
    for (Program program : plan.programs()) {
      if (options.arena()) {
        report.arena(program, Math.max(8, options.width() / 2));
      }
      if (options.dispatches()) {
        report.dispatches(program, options.width());
      }
    }
  }

  /**
   * Writes the views that somebody asked for; an error when the plan has no such program or layer.
   */
  public static void views(Plan plan, CostModel costs, Views views, Appendable out)
      throws IOException {
    new PlanReport(plan, costs, out).header();
    new ViewReport(plan, costs, views, out).print();
  }

  /** Writes JSON with the default predictions. */
  public static void json(Plan plan, OutputStream out) throws IOException {
    json(plan, costs(plan), out);
  }

  /**
   * Writes JSON. {@code totals} holds the totals of each program by its name, and those of {@code
   * decode} directly as well; {@code programs} holds every dispatch.
   */
  public static void json(Plan plan, CostModel costs, OutputStream out) throws IOException {
    Json.write(new PlanJson(plan, costs).plan(), out);
  }
}
