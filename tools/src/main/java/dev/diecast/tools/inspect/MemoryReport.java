package dev.diecast.tools.inspect;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.Program;
import java.io.IOException;
import java.util.Locale;

/** What a plan keeps in memory, and how well the arena shares its bytes. */
final class MemoryReport {
  private MemoryReport() {}

  static void print(Plan plan, Program program, int width, Appendable out) throws IOException {
    ProgramTotals totals = ProgramTotals.of(plan, program);
    TextTable table = new TextTable("  ", "memory", "bytes", "size", "");
    long context = Math.max(1, plan.model().context());
    row(table, "weights", totals.weightsBytes(), plan.tensors().size() + " tensors in use");
    row(table, "kv", totals.kvBytes(), totals.kvBytes() / context + " per token of " + context);
    row(table, "arena", arenaBytes(plan), "all programs share it");
    row(table, "other", otherBytes(plan), "constants, state, io");
    table.print(out);
    out.append(
        String.format(
            Locale.ROOT,
            "  arena of %s: %d bytes, %s of the %d without reuse, %s of the %d that live at once%n",
            Display.name(program.name()),
            totals.arenaBytes(),
            times(totals.arenaBytes(), totals.arenaNaiveBytes()),
            totals.arenaNaiveBytes(),
            times(totals.arenaBytes(), totals.arenaLowerBoundBytes()),
            totals.arenaLowerBoundBytes()));
    ArenaMap.print(program, Math.max(8, width / 2), out);
  }

  /** A ratio: {@code 0.03 times}. */
  static String times(long part, long whole) {
    return whole == 0 ? "-" : String.format(Locale.ROOT, "%.3f times", (double) part / whole);
  }

  private static long arenaBytes(Plan plan) {
    return plan.buffers().stream()
        .filter(PlanBuffer.Arena.class::isInstance)
        .mapToLong(PlanBuffer::bytes)
        .sum();
  }

  private static long otherBytes(Plan plan) {
    return plan.buffers().stream()
        .filter(buffer ->
            switch (buffer) {
              case PlanBuffer.Constants _, PlanBuffer.State _, PlanBuffer.Io _ -> true;
              case PlanBuffer.Weights _, PlanBuffer.Kv _, PlanBuffer.Arena _ -> false;
            })
        .mapToLong(PlanBuffer::bytes)
        .sum();
  }

  private static void row(TextTable table, String what, long bytes, String note) {
    table.row(what, bytes, "(" + Display.size(bytes) + ")", note);
  }
}
