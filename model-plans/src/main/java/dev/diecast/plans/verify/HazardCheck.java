package dev.diecast.plans.verify;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.Program;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every hazard is ordered: dispatches between two barriers may run in any order and at once, so
 * none may write what another reads or writes. The end of a program is a barrier, because the next
 * program begins when this one has finished.
 */
final class HazardCheck {
  private final Plan plan;
  private final Program program;
  private final Findings findings;
  private final Map<Integer, ByteRanges> read = new HashMap<>();
  private final Map<Integer, ByteRanges> written = new HashMap<>();

  private HazardCheck(Plan plan, Program program, Findings findings) {
    this.plan = plan;
    this.program = program;
    this.findings = findings;
  }

  static void run(Plan plan, Program program, Findings findings) {
    HazardCheck check = new HazardCheck(plan, program, findings);
    for (int i = 0; i < program.dispatches().size(); i++) {
      check.dispatch(i, program.dispatches().get(i));
    }
  }

  private void dispatch(int index, Dispatch dispatch) {
    if (dispatch.barrierBefore()) {
      read.clear();
      written.clear();
    }
    List<Dispatch.Binding> bindings = dispatch.bindings().stream().filter(this::matters).toList();
    for (Dispatch.Binding binding : bindings) {
      conflicts(index, binding);
    }
    for (Dispatch.Binding binding : bindings) {
      if (binding.access().reads()) {
        note(read, binding, index);
      }
      if (binding.access().writes()) {
        note(written, binding, index);
      }
    }
  }

  // Nothing writes weights and constants, which the check of the bindings sees to.
  private boolean matters(Dispatch.Binding binding) {
    return Ranges.holds(plan, binding)
        && !(plan.buffers().get(binding.buffer()) instanceof PlanBuffer.Weights)
        && !(plan.buffers().get(binding.buffer()) instanceof PlanBuffer.Constants);
  }

  private void conflicts(int index, Dispatch.Binding binding) {
    if (binding.access().reads()) {
      conflict(index, binding, "reads", written, "writes");
    }
    if (binding.access().writes()) {
      conflict(index, binding, "writes", read, "reads");
      conflict(index, binding, "writes", written, "writes");
    }
  }

  private void conflict(
      int index,
      Dispatch.Binding binding,
      String does,
      Map<Integer, ByteRanges> earlier,
      String did) {
    ByteRanges ranges = earlier.get(binding.buffer());
    int other =
        ranges == null
            ? ByteRanges.NONE
            : ranges.overlapping(binding.offset(), binding.offset() + binding.bytes());
    if (other != ByteRanges.NONE) {
      findings.add(
          new Place(program, index),
          "slot "
              + binding.slot()
              + " "
              + does
              + " bytes of buffer "
              + plan.buffers().get(binding.buffer()).name()
              + " that dispatch "
              + Place.named(program, other)
              + " "
              + did
              + ", with no barrier between");
    }
  }

  private static void note(Map<Integer, ByteRanges> ranges, Dispatch.Binding binding, int index) {
    ranges
        .computeIfAbsent(binding.buffer(), _ -> new ByteRanges())
        .assign(binding.offset(), binding.offset() + binding.bytes(), index);
  }
}
