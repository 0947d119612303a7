package dev.diecast.plans.verify;

import dev.diecast.kernels.ArgField;
import dev.diecast.kernels.KernelCatalog;
import java.util.List;
import java.util.Set;

/** Arguments that have few right values, and slots that make sense only together. */
final class ArgumentCheck {
  private static final Set<String> FLAGS = Set.of("last_only", "neox", "norm");
  private static final List<String> HEAD_WIDTHS = List.of("n", "dk");

  private final Findings findings;

  ArgumentCheck(Findings findings) {
    this.findings = findings;
  }

  void run(Call call) {
    negatives(call);
    for (String flag : FLAGS) {
      between(call, flag, 0, 1);
    }
    between(call, "gating", 1, 2);
    if (call.takes("n_expert") && call.takes("n_used")) {
      between(call, "n_used", 1, call.args().i32("n_expert"));
    }
    rotation(call);
    sharing(call);
    partners(call);
  }

  /** Of counts, strides and sizes none is negative, also where nothing is bound to walk. */
  private void negatives(Call call) {
    for (ArgField field : call.contract().args().fields()) {
      long value =
          switch (field.type()) {
            case I32 -> call.args().i32(field.name());
            case I64 -> call.args().i64(field.name());
            case F32 -> 0;
          };
      if (value < 0) {
        add(call, field.name() + " = " + value + " is negative");
      }
    }
  }

  private void between(Call call, String argument, int least, int most) {
    if (call.takes(argument)) {
      int value = call.args().i32(argument);
      if (value < least || value > most) {
        add(call, argument + " = " + value + " is not " + least + " to " + most);
      }
    }
  }

  private void rotation(Call call) {
    if (!call.takes("n_rot")) {
      return;
    }
    int rotated = call.args().i32("n_rot");
    if (rotated < 2 || rotated % 2 != 0) {
      add(call, "n_rot = " + rotated + " values are no pairs");
    }
    for (String width : HEAD_WIDTHS) {
      if (call.takes(width) && rotated > call.args().i32(width)) {
        add(call, "n_rot = " + rotated + " is more than " + width);
      }
    }
  }

  private void sharing(Call call) {
    if (call.takes("kv_heads")) {
      int heads = call.args().i32("heads");
      int kvHeads = call.args().i32("kv_heads");
      if (kvHeads < 1 || heads < 1 || (call.takes("splits") && heads % kvHeads != 0)) {
        add(call, heads + " heads do not share " + kvHeads + " kv heads");
      }
    }
  }

  private void partners(Call call) {
    switch (call.contract().name()) {
      case "expert_down" -> together(call, "shared", "shared_x");
      case "linears" -> {
        for (int i = 0; i < KernelCatalog.LINEAR_SEGMENTS; i++) {
          together(call, "w_" + i, "y_" + i);
          segment(call, i);
        }
      }
      default -> {}
    }
  }

  private void segment(Call call, int i) {
    for (String extra : List.of("up_", "bias_", "residual_")) {
      if (bound(call, extra + i) && !bound(call, "w_" + i)) {
        add(call, extra + i + " is bound, w_" + i + " is not");
      }
    }
    for (String extra : List.of("bias_", "residual_")) {
      if (bound(call, extra + i) && bound(call, "up_" + i)) {
        add(call, extra + i + " is bound, and so is up_" + i);
      }
    }
  }

  private void together(Call call, String slot, String other) {
    if (bound(call, slot) != bound(call, other)) {
      String there = bound(call, slot) ? slot : other;
      add(call, there + " is bound, " + (there.equals(slot) ? other : slot) + " is not");
    }
  }

  private static boolean bound(Call call, String slot) {
    return call.bound(slot) != null;
  }

  private void add(Call call, String message) {
    findings.add(call.place(), call.contract().name() + ": " + message);
  }
}
