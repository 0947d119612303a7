package dev.diecast.tools.inspect;

import dev.diecast.kernels.ArgField;
import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Names for the numbers in a plan. They hold up against plans that do not. */
public final class PlanNames {
  private final Plan plan;

  /** Names in a plan. */
  public PlanNames(Plan plan) {
    this.plan = plan;
  }

  /** The name of a dispatch's kernel. */
  public String kernel(Dispatch dispatch) {
    return dispatch.kernel() >= 0 && dispatch.kernel() < plan.kernels().size()
        ? plan.kernels().get(dispatch.kernel()).name()
        : "kernel " + dispatch.kernel();
  }

  /** The name of a buffer. */
  public String buffer(int index) {
    return index >= 0 && index < plan.buffers().size()
        ? plan.buffers().get(index).name()
        : "buffer " + index;
  }

  /** The slot's name in the kernel's contract, or empty. */
  public String slot(Dispatch dispatch, int slot) {
    return contract(dispatch).stream()
        .flatMap(contract -> contract.slots().stream())
        .filter(known -> known.index() == slot)
        .map(Slot::name)
        .findFirst()
        .orElse("");
  }

  /** The arguments by name, in the order of the struct; empty when they do not fit the contract. */
  public Map<String, Number> args(Dispatch dispatch) {
    Map<String, Number> args = new LinkedHashMap<>();
    Optional<KernelContract> contract = contract(dispatch);
    if (contract.isPresent() && contract.get().args().byteSize() == dispatch.args().length) {
      ArgReader reader = contract.get().args().reader(dispatch.args());
      for (ArgField field : contract.get().args().fields()) {
        args.put(field.name(), value(reader, field));
      }
    }
    return args;
  }

  /** The kind of a buffer in one word. */
  public static String kind(PlanBuffer buffer) {
    return switch (buffer) {
      case PlanBuffer.Weights _ -> "weights";
      case PlanBuffer.Constants _ -> "constants";
      case PlanBuffer.Kv _ -> "kv";
      case PlanBuffer.Arena _ -> "arena";
      case PlanBuffer.State _ -> "state";
      case PlanBuffer.Io _ -> "io";
      case PlanBuffer.Tickets _ -> "tickets";
    };
  }

  private Optional<KernelContract> contract(Dispatch dispatch) {
    return KernelCatalog.find(kernel(dispatch));
  }

  private static Number value(ArgReader reader, ArgField field) {
    return switch (field.type()) {
      case I32 -> reader.i32(field.name());
      case I64 -> reader.i64(field.name());
      case F32 -> reader.f32(field.name());
    };
  }
}
