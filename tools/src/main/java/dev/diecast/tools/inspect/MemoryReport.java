package dev.diecast.tools.inspect;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.Program;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Predicate;

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
    row(table, "other", otherBytes(plan), "constants, state, io and the like");
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
    return bytes(plan, PlanBuffer.Arena.class::isInstance);
  }

  private static long otherBytes(Plan plan) {
    return bytes(
        plan,
        buffer ->
            !(buffer instanceof PlanBuffer.Weights
                || buffer instanceof PlanBuffer.Kv
                || buffer instanceof PlanBuffer.Arena));
  }

  private static long bytes(Plan plan, Predicate<PlanBuffer> counted) {
    return plan.buffers().stream().filter(counted).mapToLong(PlanBuffer::bytes).sum();
  }

  private static void row(TextTable table, String what, long bytes, String note) {
    table.row(what, bytes, "(" + Display.size(bytes) + ")", note);
  }
}
