package dev.diecast.tools.diff;

import dev.diecast.tools.inspect.Display;
import dev.diecast.tools.inspect.TextTable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** A difference for people. */
public final class PlanDiffText {
  private PlanDiffText() {}

  /** Prints what differs, or that nothing does. */
  public static void print(PlanDiff diff, Appendable out) throws IOException {
    if (!diff.differs()) {
      out.append("no differences\n");
      return;
    }
    for (PlanDiff.Fact fact : diff.header()) {
      line(out, fact.name() + ": " + fact.before() + " -> " + fact.after());
    }
    for (String name : diff.onlyBefore()) {
      line(out, "- program " + name);
    }
    for (String name : diff.onlyAfter()) {
      line(out, "+ program " + name);
    }
    for (ProgramDiff program : diff.programs()) {
      program(program, out);
    }
  }

  private static void program(ProgramDiff program, Appendable out) throws IOException {
    line(out, "");
    line(out, "program " + program.name() + (program.differs() ? "" : ": no differences"));
    table("per run", program.totals().stream().filter(Change::differs).toList(), out);
    table("dispatches of kernel", program.kernels(), out);
    for (LayerDiff layer : program.layers()) {
      if (!layer.lines().isEmpty()) {
        line(out, "  " + title(layer));
        for (LayerDiff.Line each : layer.lines()) {
          String detail = each.detail().isEmpty() ? "" : ": " + each.detail();
          line(out, "    " + each.sign() + " " + each.dispatch() + detail);
        }
      }
    }
  }

  private static void table(String title, List<Change> changes, Appendable out) throws IOException {
    if (changes.isEmpty()) {
      return;
    }
    TextTable table = new TextTable("  ", title, "before", "after", "change");
    for (Change change : changes) {
      table.row(
          Display.name(change.name()),
          number(change.before()),
          number(change.after()),
          (change.delta() > 0 ? "+" : "") + number(change.delta()));
    }
    table.print(out);
  }

  private static String title(LayerDiff layer) {
    String dispatches = ": " + layer.before() + " -> " + layer.after() + " dispatches";
    return layer.layers().equals(List.of(-1))
        ? "outside the layers" + dispatches
        : "layers " + ranges(layer.layers()) + dispatches + " each";
  }

  /** {@code 0..3, 7}. */
  static String ranges(List<Integer> layers) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 1; i <= layers.size(); i++) {
      if (i == layers.size() || layers.get(i) != layers.get(i - 1) + 1) {
        text.append(text.isEmpty() ? "" : ", ").append(layers.get(from));
        if (i - 1 > from) {
          text.append("..").append(layers.get(i - 1));
        }
        from = i;
      }
    }
    return text.toString();
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private static void line(Appendable out, String text) throws IOException {
    out.append(Display.text(text, 400)).append('\n');
  }
}
