package dev.diecast.replay.cpu;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The slots of one dispatch, resolved to addresses and checked against its contract. */
final class DispatchBindings implements Bindings {
  private final String where;
  private final KernelContract contract;
  private final List<KernelUse.Constant> constants;
  private final ArgReader args;
  private final long[] addresses;
  private final long[] sizes;

  DispatchBindings(
      String where, KernelContract contract, Dispatch dispatch, Plan plan, CpuMemory memory) {
    this.where = where;
    this.contract = contract;
    this.constants = plan.kernels().get(dispatch.kernel()).constants();
    this.addresses = new long[contract.slots().size()];
    this.sizes = new long[contract.slots().size()];
    try {
      this.args = contract.args().reader(dispatch.args());
    } catch (IllegalArgumentException e) {
      throw new PlanException(where + ": " + e.getMessage(), e);
    }
    for (Dispatch.Binding binding : dispatch.bindings()) {
      resolve(binding, plan, memory);
    }
    for (Slot slot : contract.slots()) {
      if (!slot.optional() && addresses[slot.index()] == 0) {
        throw new PlanException(where + ": slot '" + slot.name() + "' is not bound");
      }
    }
  }

  @Override
  public long address(String slot) {
    return addresses[contract.slot(slot).index()];
  }

  @Override
  public long bytes(String slot) {
    return sizes[contract.slot(slot).index()];
  }

  @Override
  public long constant(String name) {
    return constants.stream()
        .filter(constant -> constant.name().equals(name))
        .mapToLong(KernelUse.Constant::value)
        .findFirst()
        .orElseThrow(() ->
            new PlanException(
                where + ": kernel " + contract.name() + " lacks the constant '" + name + "'"));
  }

  @Override
  public ArgReader args() {
    return args;
  }

  @Override
  public void require(String slot, long bytes) {
    if (bytes < 0 || address(slot) == 0 || bytes(slot) < bytes) {
      throw new PlanException(
          where + ": slot '" + slot + "' needs " + bytes + " bytes, the plan binds " + bytes(slot));
    }
  }

  private void resolve(Dispatch.Binding binding, Plan plan, CpuMemory memory) {
    if (binding.slot() < 0 || binding.slot() >= contract.slots().size()) {
      throw new PlanException(
          where + ": kernel " + contract.name() + " has no slot " + binding.slot());
    }
    Slot slot = contract.slots().get(binding.slot());
    if (binding.buffer() < 0 || binding.buffer() >= plan.buffers().size()) {
      throw new PlanException(
          where
              + ": slot '"
              + slot.name()
              + "' names buffer "
              + binding.buffer()
              + ", which the plan does not have");
    }
    PlanBuffer buffer = plan.buffers().get(binding.buffer());
    MemorySegment segment = memory.segment(binding.buffer());
    if (binding.offset() < 0
        || binding.bytes() < 0
        || binding.offset() > segment.byteSize() - binding.bytes()) {
      throw new PlanException(
          where + ": slot '" + slot.name() + "' reaches outside buffer '" + buffer.name() + "'");
    }
    boolean readOnly =
        buffer instanceof PlanBuffer.Weights || buffer instanceof PlanBuffer.Constants;
    if (readOnly && slot.access().writes()) {
      throw new PlanException(
          where
              + ": slot '"
              + slot.name()
              + "' would write buffer '"
              + buffer.name()
              + "', which is read-only");
    }
    addresses[binding.slot()] = segment.address() + binding.offset();
    sizes[binding.slot()] = binding.bytes();
  }
}
