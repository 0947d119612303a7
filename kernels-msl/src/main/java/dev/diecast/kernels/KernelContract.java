package dev.diecast.kernels;

import java.util.List;

/**
 * What a kernel promises, whichever device runs it: its buffers, its arguments and its meaning.
 *
 * @param name the kernel's name, the same on every device, for example {@code gemv_q4_0}
 * @param meaning one sentence, in the notation of {@link KernelCatalog}
 * @param slots the buffers, by ascending index
 * @param constants names of the function constants that a plan states for it; {@link TypeConstant}
 *     says what those of weights mean
 * @param args the argument struct, bound after the last slot
 */
public record KernelContract(
    String name, String meaning, List<Slot> slots, List<String> constants, ArgStruct args) {
  /** A contract with its own copies of the lists. */
  public KernelContract {
    slots = List.copyOf(slots);
    constants = List.copyOf(constants);
  }

  /** The slot of that name. */
  public Slot slot(String slotName) {
    for (Slot slot : slots) {
      if (slot.name().equals(slotName)) {
        return slot;
      }
    }
    throw new IllegalArgumentException("kernel " + name + " has no slot '" + slotName + "'");
  }
}
