package dev.diecast.tools.model;

import dev.diecast.plans.Plan;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.inspect.ProgramTotals;
import java.io.IOException;

/** A plan in two lines. */
public final class PlanSummary {
  private PlanSummary() {}

  /** The totals of the decode program; an error when there is none. */
  public static ProgramTotals decode(Plan plan) {
    return ProgramTotals.of(plan, plan.decode());
  }

  /** Prints what a token costs. */
  public static void print(Plan plan, Console console) throws IOException {
    ProgramTotals totals = decode(plan);
    console.line(
        "  per token   %d dispatches of %d kernels, %d barriers, %s of weights read",
        totals.dispatches(),
        totals.kernels(),
        totals.barriers(),
        ByteCount.of(totals.weightsReadBytes()));
    console.line(
        "  memory      arena %s (at least %s, without reuse %s), KV cache %s for %d tokens",
        ByteCount.of(totals.arenaBytes()),
        ByteCount.of(totals.arenaLowerBoundBytes()),
        ByteCount.of(totals.arenaNaiveBytes()),
        ByteCount.of(totals.kvBytes()),
        plan.model().context());
  }
}
