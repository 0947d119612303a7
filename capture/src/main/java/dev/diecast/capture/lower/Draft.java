package dev.diecast.capture.lower;

import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.plans.Dispatch.ExpertIndex;
import dev.diecast.plans.KernelUse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dispatch whose arena offsets are still open.
 *
 * @param constants the kernel's function constants, all of them, in the contract's order
 * @param touches bound slots, ascending
 */
record Draft(
    KernelContract kernel,
    List<KernelUse.Constant> constants,
    String label,
    int layer,
    List<Touch> touches,
    byte[] args,
    List<String> sources,
    long weightBytes,
    long activationBytes,
    long flops) {
  Draft {
    constants = List.copyOf(constants);
    touches = List.copyOf(touches);
    sources = List.copyOf(sources);
  }

  /** A bound slot. */
  record Touch(Slot slot, Span span, @Nullable ExpertIndex expert) {
    /** Whether one of two touches writes a byte that the other touches. */
    boolean conflicts(Touch other) {
      return (slot.access().writes() || other.slot.access().writes()) && span.overlaps(other.span);
    }
  }

  /** The touch of the slot of that name, or null when it is unbound. */
  @Nullable Touch touch(String slotName) {
    for (Touch touch : touches) {
      if (touch.slot().name().equals(slotName)) {
        return touch;
      }
    }
    return null;
  }
}
