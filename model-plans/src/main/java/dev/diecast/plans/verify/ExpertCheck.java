package dev.diecast.plans.verify;

import dev.diecast.kernels.Slot;
import dev.diecast.plans.Dispatch;

/** Weights that a kernel finds at {@code base + ids[slot] * stride}. */
final class ExpertCheck {
  private static final String STRIDE = "_expert_bytes";

  private final Findings findings;

  ExpertCheck(Findings findings) {
    this.findings = findings;
  }

  /** The binding's expert index, which some slots need and others must not have. */
  void run(Call call, Dispatch.Binding binding) {
    Slot slot = call.slot(binding);
    String stride = strideArgument(call, slot);
    Dispatch.ExpertIndex expert = binding.expert();
    if (expert != null && stride.isEmpty()) {
      add(call, binding, call.contract().name() + " adds no expert offset to " + slot.name());
    } else if (expert != null) {
      range(call, binding, expert);
      arguments(call, binding, expert, stride);
    } else if (!stride.isEmpty()) {
      add(call, binding, call.contract().name() + " needs the expert stride of its weights");
    }
  }

  /** The argument with the stride of a slot's experts, or nothing when it is not by expert. */
  private static String strideArgument(Call call, Slot slot) {
    if (call.takes(slot.name() + STRIDE)) {
      return slot.name() + STRIDE;
    }
    return slot.name().equals("w") && call.takes("expert_bytes") ? "expert_bytes" : "";
  }

  private void range(Call call, Dispatch.Binding binding, Dispatch.ExpertIndex expert) {
    if (expert.count() < 1 || expert.bytes() < 1 || expert.stride() < expert.bytes()) {
      add(
          call,
          binding,
          expert.count()
              + " experts of "
              + expert.bytes()
              + " bytes with a stride of "
              + expert.stride());
    } else if (!fit(expert, binding.bytes())) {
      add(
          call,
          binding,
          expert.count()
              + " experts with a stride of "
              + expert.stride()
              + " are not inside its "
              + binding.bytes()
              + " bytes");
    }
  }

  // (count - 1) * stride + bytes <= limit, without overflow.
  private static boolean fit(Dispatch.ExpertIndex expert, long limit) {
    return expert.bytes() <= limit
        && expert.count() - 1 <= (limit - expert.bytes()) / expert.stride();
  }

  private void arguments(
      Call call, Dispatch.Binding binding, Dispatch.ExpertIndex expert, String stride) {
    if (call.args().i32("n_expert") != expert.count()
        || call.args().i64(stride) != expert.stride()) {
      add(
          call,
          binding,
          "the arguments say "
              + call.args().i32("n_expert")
              + " experts with a stride of "
              + call.args().i64(stride)
              + ", the binding "
              + expert.count()
              + " with "
              + expert.stride());
    }
    Dispatch.Binding ids = call.bound("ids");
    if (ids == null || ids.slot() != expert.idsSlot() || !ids.access().reads()) {
      add(call, binding, "slot " + expert.idsSlot() + " holds no expert ids");
    }
  }

  private void add(Call call, Dispatch.Binding binding, String message) {
    findings.add(call.place(), "slot " + binding.slot() + ": " + message);
  }
}
