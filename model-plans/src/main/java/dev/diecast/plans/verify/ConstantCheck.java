package dev.diecast.plans.verify;

import dev.diecast.kernels.Slot;
import dev.diecast.kernels.TypeConstant;
import dev.diecast.plans.KernelUse;
import java.util.HashSet;
import java.util.Set;

/**
 * The function constants: all that the contract names, once, and no others; and types that fit what
 * the dispatch binds.
 */
final class ConstantCheck {
  private static final Set<String> FLAGS = Set.of("transposed");

  private final boolean gpu;
  private final Findings findings;

  /** On a GPU, {@link LaunchCheck} says which constants there are beyond the contract. */
  ConstantCheck(boolean gpu, Findings findings) {
    this.gpu = gpu;
    this.findings = findings;
  }

  void run(Call call) {
    Set<String> stated = new HashSet<>();
    for (KernelUse.Constant constant : call.use().constants()) {
      if (!gpu && !call.contract().constants().contains(constant.name())) {
        add(call, "has no constant " + constant.name());
      } else if (!stated.add(constant.name())) {
        add(call, "is given the constant " + constant.name() + " twice");
      }
    }
    for (String name : call.contract().constants()) {
      Long value = call.constant(name);
      if (value == null) {
        add(call, "needs the constant " + name);
      } else if (FLAGS.contains(name) && value != 0 && value != 1) {
        add(call, "takes 0 or 1 as " + name + ", not " + value);
      }
    }
    call.contract().slots().stream().filter(call::typed).forEach(slot -> type(call, slot));
  }

  private void type(Call call, Slot slot) {
    Long value = call.constant(TypeConstant.of(slot.name()));
    if (value == null) {
      return;
    }
    boolean bound = call.bound(slot.name()) != null;
    if (!bound && value != TypeConstant.UNBOUND) {
      add(call, "is told that " + slot.name() + " has type " + value + ", but nothing is bound");
    } else if (bound && value == TypeConstant.UNBOUND) {
      add(call, "is told that " + slot.name() + " is unbound, but it is bound");
    } else if (bound && Call.type(value).isEmpty()) {
      add(call, "reads no weights of type " + value + ", which " + slot.name() + " has");
    }
  }

  private void add(Call call, String message) {
    findings.add(call.place(), call.contract().name() + " " + message);
  }
}
