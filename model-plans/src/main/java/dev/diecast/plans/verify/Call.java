package dev.diecast.plans.verify;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.kernels.TypeConstant;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.gguf.TensorType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A dispatch with the kernel that it runs, once its slots and argument bytes fit the contract. */
record Call(
    Place place, KernelUse use, KernelContract contract, ArgReader args, Dispatch dispatch) {
  /** The slot of a binding. */
  Slot slot(Dispatch.Binding binding) {
    return contract.slots().get(binding.slot());
  }

  /** What is bound to the slot of that name, or null. */
  Dispatch.@Nullable Binding bound(String slot) {
    int index = contract.slot(slot).index();
    for (Dispatch.Binding binding : dispatch.bindings()) {
      if (binding.slot() == index) {
        return binding;
      }
    }
    return null;
  }

  /** Whether the kernel takes an argument of that name. */
  boolean takes(String argument) {
    return contract.args().fields().stream().anyMatch(field -> field.name().equals(argument));
  }

  /** Whether a constant states the type of what the slot holds. */
  boolean typed(Slot slot) {
    return contract.constants().contains(TypeConstant.of(slot.name()));
  }

  /**
   * The type in which the kernel reads a slot's weights: stated by a constant, or at the end of the
   * kernel's name (gemv_q4_0), or else F32. Empty when the constant states no type.
   */
  Optional<TensorType> weightType(Slot slot) {
    if (typed(slot)) {
      Long id = constant(TypeConstant.of(slot.name()));
      return id == null ? Optional.empty() : type(id);
    }
    return slot.name().equals("w") ? Optional.of(typeOfName()) : Optional.of(TensorType.F32);
  }

  /** The value of a constant, or null when the plan states none. */
  @Nullable Long constant(String name) {
    for (KernelUse.Constant constant : use.constants()) {
      if (constant.name().equals(name)) {
        return constant.value();
      }
    }
    return null;
  }

  /** The type that a constant states, if it is one that kernels read. */
  static Optional<TensorType> type(long id) {
    return id == (int) id
        ? TensorType.ofId((int) id).filter(TensorType::runnable)
        : Optional.empty();
  }

  private TensorType typeOfName() {
    return KernelCatalog.WEIGHT_TYPES.stream()
        .filter(type -> contract.name().endsWith("_" + type))
        .findFirst()
        .flatMap(TensorType::ofSuffix)
        .orElse(TensorType.F32);
  }
}
