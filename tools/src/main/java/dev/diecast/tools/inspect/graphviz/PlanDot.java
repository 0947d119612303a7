package dev.diecast.tools.inspect.graphviz;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.tools.inspect.Display;
import dev.diecast.tools.inspect.KernelLabels;
import dev.diecast.tools.inspect.flow.DataFlow;
import dev.diecast.tools.inspect.flow.Dependency;
import dev.diecast.tools.inspect.flow.Stages;
import java.io.IOException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Dispatches as a Graphviz graph: a node each, an edge for what one reads of another, labelled with
 * the value and its size. Dispatches of one rank stand between the same two barriers; a dashed line
 * from barrier to barrier runs beside them. Dispatches outside the selection that feed it, or that
 * it feeds, appear dotted.
 */
public final class PlanDot {
  private final Program program;
  private final Plan plan;
  private final Stages stages;
  private final SortedSet<Integer> selected;
  private final List<Dependency> edges;
  private final Appendable out;

  private PlanDot(Plan plan, Program program, List<Integer> dispatches, Appendable out) {
    this.program = program;
    this.plan = plan;
    this.stages = Stages.of(program.dispatches());
    this.selected = new TreeSet<>(dispatches);
    this.edges =
        DataFlow.of(plan, program).stream()
            .filter(edge -> selected.contains(edge.from()) || selected.contains(edge.to()))
            .toList();
    this.out = out;
  }

  /** Writes the graph of some dispatches of a program, given by their indices. */
  public static void write(Plan plan, Program program, List<Integer> dispatches, Appendable out)
      throws IOException {
    new PlanDot(plan, program, dispatches, out).graph();
  }

  private void graph() throws IOException {
    out.append("digraph ")
        .append(quoted(plan.model().name() + " " + program.name()))
        .append(" {\n")
        .append("  rankdir=TB;\n")
        .append("  node [shape=box, fontname=\"sans-serif\", fontsize=11];\n")
        .append("  edge [fontname=\"sans-serif\", fontsize=9];\n");
    outside();
    ranks();
    for (Dependency edge : edges) {
      edge(edge);
    }
    out.append("}\n");
  }

  private void outside() throws IOException {
    SortedSet<Integer> others = new TreeSet<>();
    for (Dependency edge : edges) {
      others.add(edge.from());
      others.add(edge.to());
    }
    others.removeAll(selected);
    for (int other : others) {
      node("  ", other, ", style=dotted");
    }
  }

  private void ranks() throws IOException {
    int open = -1;
    for (int index : selected) {
      int stage = stages.of(index);
      if (stage != open) {
        if (open >= 0) {
          out.append("  }\n");
          out.append("  b" + open + " -> b" + stage + " [style=dashed, arrowhead=none];\n");
        }
        out.append("  { rank=same;\n");
        out.append("    b" + stage + " [shape=plaintext, label=\"" + barrier(stage) + "\"];\n");
        open = stage;
      }
      node("    ", index, "");
    }
    if (open >= 0) {
      out.append("  }\n");
    }
  }

  private static String barrier(int stage) {
    return stage == 0 ? "start" : "barrier " + stage;
  }

  private void node(String indent, int index, String style) throws IOException {
    Dispatch dispatch = program.dispatches().get(index);
    String text =
        index
            + " "
            + Display.name(dispatch.label())
            + "\n"
            + KernelLabels.of(plan, dispatch)
            + "\n"
            + size(dispatch);
    out.append(indent)
        .append("d" + index)
        .append(" [label=")
        .append(quoted(text))
        .append(style)
        .append("];\n");
  }

  private static String size(Dispatch dispatch) {
    String other = Display.size(dispatch.activationBytes());
    return dispatch.weightBytes() == 0
        ? other
        : Display.size(dispatch.weightBytes()) + " weights, " + other;
  }

  private void edge(Dependency edge) throws IOException {
    String text = Display.name(edge.value()) + "\n" + Display.size(edge.bytes());
    out.append("  d" + edge.from() + " -> d" + edge.to())
        .append(" [label=")
        .append(quoted(text))
        .append("];\n");
  }

  /** A DOT string: only quote, backslash and line end mean something in it. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
