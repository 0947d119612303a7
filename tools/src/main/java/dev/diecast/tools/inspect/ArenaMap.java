package dev.diecast.tools.inspect;

import dev.diecast.plans.Program;
import dev.diecast.plans.Program.ArenaValue;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** The arena by address, each value with a bar over the dispatches that it lives through. */
final class ArenaMap {
  private ArenaMap() {}

  static void print(Program program, int barWidth, Appendable out) throws IOException {
    List<ArenaValue> byAddress =
        program.arenaValues().stream()
            .sorted(
                Comparator.comparingLong(ArenaValue::offset)
                    .thenComparingInt(ArenaValue::firstDispatch))
            .toList();
    int dispatches = program.dispatches().size();
    TextTable table = new TextTable("  ", "offset", "bytes", "from", "to", "life", "value");
    for (ArenaValue value : byAddress) {
      table.row(
          value.offset(),
          value.bytes(),
          value.firstDispatch(),
          value.lastDispatch(),
          bar(value, dispatches, Math.min(barWidth, dispatches)),
          Display.name(value.label()));
    }
    table.print(out);
  }

  private static String bar(ArenaValue value, int dispatches, int width) {
    StringBuilder bar = new StringBuilder();
    for (int column = 0; column < width; column++) {
      // The dispatches that this column stands for: from (inclusive) to (exclusive).
      long from = (long) column * dispatches / width;
      long to = (column + 1L) * dispatches / width;
      bar.append(value.firstDispatch() < to && value.lastDispatch() >= from ? '#' : '.');
    }
    return bar.toString();
  }
}
