package dev.diecast.plans.verify;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.StepState;
import dev.diecast.plans.gguf.TensorType;

/** Each binding for itself, with its kernel's slot. */
final class BindingCheck {
  private static final long OFFSET_LIMIT = 1L << 32;
  // A vector load of four floats, the widest that a kernel makes.
  private static final long BUFFER_ALIGNMENT = 16;
  private static final String EXPERT_KERNEL = "expert_gemv_";

  private final Plan plan;
  private final TensorMap tensors;
  private final Findings findings;

  BindingCheck(Plan plan, TensorMap tensors, Findings findings) {
    this.plan = plan;
    this.tensors = tensors;
    this.findings = findings;
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
  void contract(
      Place place,
      KernelContract contract,
      ArgReader args,
      Dispatch dispatch,
      Dispatch.Binding binding) {
    Slot slot = contract.slots().get(binding.slot());
    if (!slot.access().name().equals(binding.access().name())) {
      add(
          place,
          binding,
          contract.name()
              + " declares "
              + slot.access()
              + " for "
              + slot.name()
              + ", the plan "
              + binding.access());
    }
    boolean byExpert = contract.name().startsWith(EXPERT_KERNEL) && slot.name().equals("w");
    Dispatch.ExpertIndex expert = binding.expert();
    if (expert != null && byExpert) {
      expert(place, contract, args, dispatch, binding, expert);
    } else if (expert != null) {
      add(place, binding, contract.name() + " adds no expert offset to " + slot.name());
    } else if (byExpert) {
      add(place, binding, contract.name() + " needs the expert stride of its weights");
    }
    if (Ranges.holds(plan, binding)) {
      buffer(place, contract, slot, binding);
      cache(place, contract, args, slot, binding);
    }
  }

  private void expert(
      Place place,
      KernelContract contract,
      ArgReader args,
      Dispatch dispatch,
      Dispatch.Binding binding,
      Dispatch.ExpertIndex expert) {
    if (expert.count() < 1 || expert.bytes() < 1 || expert.stride() < expert.bytes()) {
      add(
          place,
          binding,
          expert.count()
              + " experts of "
              + expert.bytes()
              + " bytes with a stride of "
              + expert.stride());
    } else if (!expertsFit(expert, binding.bytes())) {
      add(
          place,
          binding,
          expert.count()
              + " experts with a stride of "
              + expert.stride()
              + " are not inside its "
              + binding.bytes()
              + " bytes");
    }
    if (args.i32("n_expert") != expert.count() || args.i64("expert_bytes") != expert.stride()) {
      add(
          place,
          binding,
          "the arguments say "
              + args.i32("n_expert")
              + " experts with a stride of "
              + args.i64("expert_bytes")
              + ", the binding "
              + expert.count()
              + " with "
              + expert.stride());
    }
    if (contract.slot("ids").index() != expert.idsSlot()
        || dispatch.bindings().stream()
            .noneMatch(ids -> ids.slot() == expert.idsSlot() && ids.access().reads())) {
      add(place, binding, "slot " + expert.idsSlot() + " holds no expert ids");
    }
  }

  // (count - 1) * stride + bytes <= limit, without overflow.
  private static boolean expertsFit(Dispatch.ExpertIndex expert, long limit) {
    return expert.bytes() <= limit
        && expert.count() - 1 <= (limit - expert.bytes()) / expert.stride();
  }

  private void buffer(Place place, KernelContract contract, Slot slot, Dispatch.Binding binding) {
    PlanBuffer buffer = plan.buffers().get(binding.buffer());
    if (buffer instanceof PlanBuffer.Weights window) {
      weights(place, contract, slot, binding, window);
    }
    boolean whole = binding.offset() == 0 && binding.bytes() == buffer.bytes();
    boolean right =
        switch (slot.name()) {
          case "step" -> buffer instanceof PlanBuffer.State && whole;
          case "ring" -> buffer instanceof PlanBuffer.Io && buffer.name().equals("ring") && whole;
          case "cache" -> buffer instanceof PlanBuffer.Kv;
          case "tokens" -> tokens(buffer, binding);
          default -> true;
        };
    if (!right) {
      add(place, binding, "buffer " + buffer.name() + " cannot be " + slot.name());
    }
  }

  private void cache(
      Place place, KernelContract contract, ArgReader args, Slot slot, Dispatch.Binding binding) {
    if (plan.buffers().get(binding.buffer()) instanceof PlanBuffer.Kv) {
      String fault = CacheRows.fault(contract, args, slot, binding.bytes(), plan.model().context());
      if (fault != null) {
        add(place, binding, fault);
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

  private void weights(
      Place place,
      KernelContract contract,
      Slot slot,
      Dispatch.Binding binding,
      PlanBuffer.Weights window) {
    PlanTensor tensor = tensors.holding(binding.buffer(), binding.offset(), binding.bytes());
    if (tensor == null) {
      add(place, binding, "no tensor of window " + window.name() + " holds its bytes");
      return;
    }
    TensorType expected = weightType(contract, slot);
    if (tensor.type() != expected) {
      add(
          place,
          binding,
          contract.name()
              + " reads "
              + expected.suffix()
              + ", but tensor "
              + tensor.name()
              + " is "
              + tensor.type().suffix());
    }
    long alignment = expected == TensorType.F32 ? Float.BYTES : Short.BYTES;
    if (binding.offset() % alignment != 0) {
      add(place, binding, "offset " + binding.offset() + " is no multiple of " + alignment);
    }
  }

  // The kernel's name ends in the type of its weights: gemv_q4_0.
  private static TensorType weightType(KernelContract contract, Slot slot) {
    if (!slot.name().equals("w")) {
      return TensorType.F32;
    }
    return KernelCatalog.WEIGHT_TYPES.stream()
        .filter(type -> contract.name().endsWith("_" + type))
        .findFirst()
        .flatMap(TensorType::ofSuffix)
        .orElse(TensorType.F32);
  }

  private void add(Place place, Dispatch.Binding binding, String message) {
    findings.add(place, "slot " + binding.slot() + ": " + message);
  }
}
