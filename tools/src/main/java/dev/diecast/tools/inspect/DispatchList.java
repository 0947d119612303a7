package dev.diecast.tools.inspect;

import dev.diecast.capture.cost.DispatchCost;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The dispatches of a program in order, barriers as rules between them. */
final class DispatchList {
  private static final String INDENT = "        ";

  // Arguments of one of several matrices, as in rows_2; those of unbound ones say nothing.
  private static final Pattern SEGMENT = Pattern.compile("[a-z]+_([0-9])(_.*)?");

  private final Plan plan;
  private final PlanNames names;
  private final BoundTensors tensors;
  private final String rule;

  DispatchList(Plan plan, int width) {
    this.plan = plan;
    this.names = new PlanNames(plan);
    this.tensors = new BoundTensors(plan);
    this.rule = "  " + "-".repeat(Math.max(8, width - 12)) + " barrier\n";
  }

  void print(Program program, ProgramCost cost, Predicate<Dispatch> shown, Appendable out)
      throws IOException {
    List<Dispatch> dispatches = program.dispatches();
    for (int i = 0; i < dispatches.size(); i++) {
      if (!shown.test(dispatches.get(i))) {
        continue;
      }
      if (i > 0 && dispatches.get(i).barrierBefore()) {
        out.append(rule);
      }
      print(i, dispatches.get(i), cost.dispatches().get(i), out);
    }
  }

  private void print(int index, Dispatch dispatch, DispatchCost cost, Appendable out)
      throws IOException {
    out.append(String.format(Locale.ROOT, "  %4d  ", index))
        .append(Display.name(dispatch.label()))
        .append("  ")
        .append(Display.name(names.kernel(dispatch)))
        .append("  grid ")
        .append(extent(dispatch.grid()))
        .append(" x ")
        .append(extent(dispatch.threadgroup()))
        .append('\n');
    for (Dispatch.Binding binding : dispatch.bindings()) {
      out.append(INDENT).append(binding(dispatch, binding)).append('\n');
    }
    out.append(INDENT).append(args(dispatch)).append('\n');
    String constants = constants(dispatch);
    if (!constants.isEmpty()) {
      out.append(INDENT).append(constants).append('\n');
    }
    out.append(INDENT).append(traffic(dispatch)).append('\n');
    out.append(INDENT).append(CostText.dispatch(cost)).append('\n');
  }

  private String binding(Dispatch dispatch, Dispatch.Binding binding) {
    StringBuilder line = new StringBuilder();
    line.append(binding.slot())
        .append(' ')
        .append(names.slot(dispatch, binding.slot()))
        .append('=')
        .append(Display.name(names.buffer(binding.buffer())))
        .append('+')
        .append(binding.offset());
    Dispatch.ExpertIndex expert = binding.expert();
    if (expert != null) {
      line.append(" + ")
          .append(names.slot(dispatch, expert.idsSlot()))
          .append("[slot] * ")
          .append(expert.stride())
          .append(' ');
    }
    line.append('[').append(binding.bytes()).append("] ");
    line.append(
        switch (binding.access()) {
          case READ -> "R";
          case WRITE -> "W";
          case READ_WRITE -> "RW";
        });
    if (expert != null) {
      line.append("  (").append(expert.count()).append(" experts of ");
      line.append(expert.bytes()).append(" bytes)");
    }
    String tensor = tensors.name(binding);
    if (!tensor.isEmpty()) {
      line.append("  ").append(tensor);
    }
    return line.toString();
  }

  private String args(Dispatch dispatch) {
    List<String> args = new ArrayList<>();
    Set<String> bound = new HashSet<>();
    dispatch.bindings().forEach(binding -> bound.add(names.slot(dispatch, binding.slot())));
    names
        .args(dispatch)
        .forEach((name, value) -> {
          Matcher segment = SEGMENT.matcher(name);
          if (!segment.matches() || bound.contains("w_" + segment.group(1))) {
            args.add(name + "=" + value);
          }
        });
    return args.isEmpty() ? dispatch.args().length + " argument bytes" : String.join(" ", args);
  }

  private String constants(Dispatch dispatch) {
    return FunctionConstants.text(KernelLabels.use(plan, dispatch.kernel()));
  }

  private static String traffic(Dispatch dispatch) {
    String ops =
        dispatch.sourceOps().isEmpty()
            ? ""
            : "  from " + Display.name(String.join(", ", dispatch.sourceOps()));
    return "weights "
        + Display.size(dispatch.weightBytes())
        + ", other "
        + Display.size(dispatch.activationBytes())
        + ", "
        + dispatch.flops()
        + " flop"
        + ops;
  }

  private static String extent(Dispatch.Extent extent) {
    return extent.x() + "," + extent.y() + "," + extent.z();
  }
}
