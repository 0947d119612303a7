package dev.diecast.kernels;

import java.util.ArrayList;
import java.util.List;

/** Builds a {@link KernelContract} in the order in which a kernel's signature reads. */
final class Contract {
  private final String name;
  private final List<Slot> slots = new ArrayList<>();
  private final List<String> constants = new ArrayList<>();
  private final List<ArgField> fields = new ArrayList<>();
  private String meaning = "";

  private Contract(String name) {
    this.name = name;
  }

  static Contract named(String name) {
    return new Contract(name);
  }

  Contract meaning(String text) {
    meaning = text;
    return this;
  }

  Contract reads(String slot) {
    return slot(slot, Access.READ, false);
  }

  Contract readsIfBound(String slot) {
    return slot(slot, Access.READ, true);
  }

  Contract writes(String slot) {
    return slot(slot, Access.WRITE, false);
  }

  Contract writesIfBound(String slot) {
    return slot(slot, Access.WRITE, true);
  }

  /** Weights whose type is the constant {@code slot_type}. */
  Contract weights(String slot) {
    return constant(TypeConstant.of(slot)).reads(slot);
  }

  Contract weightsIfBound(String slot) {
    return constant(TypeConstant.of(slot)).readsIfBound(slot);
  }

  Contract constant(String constant) {
    constants.add(constant);
    return this;
  }

  Contract updates(String slot) {
    return slot(slot, Access.READ_WRITE, false);
  }

  Contract args(ArgType type, String... names) {
    for (String field : names) {
      fields.add(new ArgField(field, type));
    }
    return this;
  }

  KernelContract build() {
    return new KernelContract(name, meaning, slots, constants, new ArgStruct(fields));
  }

  private Contract slot(String slot, Access access, boolean optional) {
    slots.add(new Slot(slots.size(), slot, access, optional));
    return this;
  }
}
