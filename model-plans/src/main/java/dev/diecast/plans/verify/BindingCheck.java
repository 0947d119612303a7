package dev.diecast.plans.verify;

import dev.diecast.kernels.Slot;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.StepState;
import dev.diecast.plans.gguf.TensorType;
import java.util.Set;

/** Each binding for itself, with its kernel's slot. */
final class BindingCheck {
  private static final long OFFSET_LIMIT = 1L << 32;
  // A vector load of four floats, the widest that a kernel makes.
  private static final long BUFFER_ALIGNMENT = 16;
  private static final Set<String> ATTENTION = Set.of("attention", "split_attention");

  private final Plan plan;
  private final TensorMap tensors;
  private final Findings findings;
  private final ExpertCheck experts;

  BindingCheck(Plan plan, TensorMap tensors, Findings findings) {
    this.plan = plan;
    this.tensors = tensors;
    this.findings = findings;
    this.experts = new ExpertCheck(findings);
  }

  /** The range, whatever kernel it is for. */
  void range(Place place, Dispatch.Binding binding) {
    if (binding.buffer() < 0 || binding.buffer() >= plan.buffers().size()) {
      add(place, binding, "the plan has no buffer " + binding.buffer());
      return;
    }
    PlanBuffer buffer = plan.buffers().get(binding.buffer());
    if (!Ranges.inside(binding.offset(), binding.bytes(), buffer.bytes())) {
      add(
          place,
          binding,
          "bytes "
              + binding.offset()
              + " + "
              + binding.bytes()
              + " are not inside buffer "
              + buffer.name()
              + " of "
              + buffer.bytes());
    }
    if (binding.offset() >= OFFSET_LIMIT) {
      add(place, binding, "offset " + binding.offset() + " does not fit 32 bits");
    }
    boolean constant =
        buffer instanceof PlanBuffer.Weights || buffer instanceof PlanBuffer.Constants;
    if (constant && binding.access().writes()) {
      add(place, binding, "it writes " + buffer.name() + ", which is read-only");
    }
    if (!(buffer instanceof PlanBuffer.Weights) && binding.offset() % BUFFER_ALIGNMENT != 0) {
      add(place, binding, "offset " + binding.offset() + " is no multiple of " + BUFFER_ALIGNMENT);
    }
  }

  /** The binding against the slot that it fills. */
  void contract(Call call, Dispatch.Binding binding) {
    Slot slot = call.slot(binding);
    if (!slot.access().name().equals(binding.access().name())) {
      add(
          call.place(),
          binding,
          call.contract().name()
              + " declares "
              + slot.access()
              + " for "
              + slot.name()
              + ", the plan "
              + binding.access());
    }
    experts.run(call, binding);
    if (Ranges.holds(plan, binding)) {
      buffer(call, slot, binding);
      cache(call, slot, binding);
    }
  }

  private void buffer(Call call, Slot slot, Dispatch.Binding binding) {
    PlanBuffer buffer = plan.buffers().get(binding.buffer());
    if (buffer instanceof PlanBuffer.Weights window) {
      weights(call, slot, binding, window);
    }
    boolean whole = binding.offset() == 0 && binding.bytes() == buffer.bytes();
    boolean right =
        switch (slot.name()) {
          case "step" -> buffer instanceof PlanBuffer.State && whole;
          case "ring" -> buffer instanceof PlanBuffer.Io && buffer.name().equals("ring") && whole;
          case "cache", "k_cache", "v_cache" -> buffer instanceof PlanBuffer.Kv;
          case "k", "v" ->
              !ATTENTION.contains(call.contract().name()) || buffer instanceof PlanBuffer.Kv;
          case "tokens" -> tokens(buffer, binding);
          case "tickets" -> buffer instanceof PlanBuffer.Tickets && tickets(call, binding);
          default -> !call.typed(slot) || buffer instanceof PlanBuffer.Weights;
        };
    if (!right || (buffer instanceof PlanBuffer.Tickets && !slot.name().equals("tickets"))) {
      add(call.place(), binding, "buffer " + buffer.name() + " cannot be " + slot.name());
    }
  }

  private void cache(Call call, Slot slot, Dispatch.Binding binding) {
    if (plan.buffers().get(binding.buffer()) instanceof PlanBuffer.Kv) {
      String fault =
          CacheRows.fault(
              call.contract(), call.args(), slot, binding.bytes(), plan.model().context());
      if (fault != null) {
        add(call.place(), binding, fault);
      }
    }
  }

  private static boolean tokens(PlanBuffer buffer, Dispatch.Binding binding) {
    return switch (buffer) {
      case PlanBuffer.State _ ->
          binding.offset() == StepState.TOKEN && binding.bytes() == Integer.BYTES;
      case PlanBuffer.Io io -> io.name().equals("prompt");
      default -> false;
    };
  }

  // Two counters per token and kv head. Only two negative sizes make the product overflow.
  private boolean tickets(Call call, Dispatch.Binding binding) {
    long counters = 2L * call.args().i32("n_tokens") * call.args().i32("kv_heads");
    if (counters < 1 || binding.offset() != 0 || binding.bytes() / Integer.BYTES < counters) {
      add(
          call.place(),
          binding,
          "bytes "
              + binding.offset()
              + " + "
              + binding.bytes()
              + " are not the first "
              + counters
              + " tickets");
    }
    return true;
  }

  private void weights(Call call, Slot slot, Dispatch.Binding binding, PlanBuffer.Weights window) {
    PlanTensor tensor = tensors.holding(binding.buffer(), binding.offset(), binding.bytes());
    if (tensor == null) {
      add(call.place(), binding, "no tensor of window " + window.name() + " holds its bytes");
      return;
    }
    call.weightType(slot).ifPresent(expected -> weights(call, binding, tensor, expected));
  }

  private void weights(
      Call call, Dispatch.Binding binding, PlanTensor tensor, TensorType expected) {
    if (tensor.type() != expected) {
      add(
          call.place(),
          binding,
          call.contract().name()
              + " reads "
              + expected.suffix()
              + ", but tensor "
              + tensor.name()
              + " is "
              + tensor.type().suffix());
    }
    long alignment = expected == TensorType.F32 ? Float.BYTES : Short.BYTES;
    if (binding.offset() % alignment != 0) {
      add(call.place(), binding, "offset " + binding.offset() + " is no multiple of " + alignment);
    }
  }

  private void add(Place place, Dispatch.Binding binding, String message) {
    findings.add(place, "slot " + binding.slot() + ": " + message);
  }
}
