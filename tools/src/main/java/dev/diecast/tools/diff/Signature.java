package dev.diecast.tools.diff;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Dispatch.Extent;
import dev.diecast.plans.Plan;
import dev.diecast.tools.inspect.KernelLabels;
import java.util.ArrayList;
import java.util.List;

/** What identifies a dispatch across plans, and what may change about it. */
record Signature(
    String label,
    String kernel,
    Extent grid,
    Extent threadgroup,
    boolean barrier,
    long weights,
    long other) {

  static Signature of(Plan plan, Dispatch dispatch) {
    String prefix = "blk." + dispatch.layer() + ".";
    String label =
        dispatch.label().startsWith(prefix)
            ? dispatch.label().substring(prefix.length())
            : dispatch.label();
    return new Signature(
        label,
        KernelLabels.of(plan, dispatch),
        dispatch.grid(),
        dispatch.threadgroup(),
        dispatch.barrierBefore(),
        dispatch.weightBytes(),
        dispatch.activationBytes());
  }

  /** Label and kernel, as lines show them. */
  String text() {
    return label + "  " + kernel;
  }

  /** What the other one has differently; empty when nothing. */
  String changes(Signature after) {
    List<String> changes = new ArrayList<>();
    if (!kernel.equals(after.kernel)) {
      changes.add("now " + after.kernel);
    }
    if (barrier != after.barrier) {
      changes.add(after.barrier ? "waits now" : "no longer waits");
    }
    number(changes, "weight bytes", weights, after.weights);
    number(changes, "other bytes", other, after.other);
    extent(changes, "grid", grid, after.grid);
    extent(changes, "threadgroup", threadgroup, after.threadgroup);
    return String.join(", ", changes);
  }

  private static void number(List<String> changes, String what, long before, long after) {
    if (before != after) {
      changes.add(what + " " + before + " -> " + after);
    }
  }

  private static void extent(List<String> changes, String what, Extent before, Extent after) {
    if (!before.equals(after)) {
      changes.add(what + " " + text(before) + " -> " + text(after));
    }
  }

  private static String text(Extent extent) {
    return extent.x() + "," + extent.y() + "," + extent.z();
  }
}
