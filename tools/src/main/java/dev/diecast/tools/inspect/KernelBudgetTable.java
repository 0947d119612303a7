package dev.diecast.tools.inspect;

import dev.diecast.capture.cost.ProgramCost;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Where the time of a program goes, by kernel. */
final class KernelBudgetTable {
  // Columns that stand before what the kernel does.
  private static final int NUMBERS = 70;
  private static final int SHORTEST = 24;

  private KernelBudgetTable() {}

  static void print(List<KernelBudget> kernels, ProgramCost cost, int width, Appendable out)
      throws IOException {
    TextTable table =
        new TextTable(
            "  ", "kernel", "calls", "us/call", "us/run", "%", "GB/s", "ops/call", "does");
    for (KernelBudget kernel : kernels) {
      table.row(
          kernel.label(),
          kernel.calls(),
          Micros.text(kernel.microsPerCall()),
          Micros.text(kernel.micros()),
          decimal(100 * kernel.share()),
          decimal(kernel.gigabytesPerSecond()),
          decimal(kernel.fusion().rate()),
          Display.text(kernel.meaning(), Math.max(SHORTEST, width - NUMBERS)));
    }
    long calls = kernels.stream().mapToLong(KernelBudget::calls).sum();
    long bytes = kernels.stream().mapToLong(KernelBudget::bytes).sum();
    double micros = cost.predictedMicros();
    table.row(
        "all",
        calls,
        Micros.text(calls == 0 ? 0 : micros / calls),
        Micros.text(micros),
        decimal(100),
        decimal(micros > 0 ? bytes / micros / 1e3 : 0),
        "",
        "");
    table.print(out);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
