package dev.diecast.tools.cases;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.plans.StepState;
import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Puts a case together. Arguments that are not named are 0, slots that are not named are unbound
 * and their weight types -1; a misspelt name is an error.
 */
final class CaseBuilder {
  private final KernelContract contract;
  private final String name;
  private final Map<String, Long> constants = new HashMap<>();
  private final Map<String, Number> args = new HashMap<>();
  private final Map<String, Content> slots = new LinkedHashMap<>();
  private final Map<Long, Number> state = new HashMap<>();
  private final Map<String, Double> tolerances = new HashMap<>();
  private boolean timed;

  private CaseBuilder(KernelContract contract, String name) {
    this.contract = contract;
    this.name = name;
    contract.args().fields().forEach(field -> args.put(field.name(), 0));
    contract.constants().forEach(constant -> constants.put(constant, -1L));
    state.put(StepState.REPEAT_PENALTY, 1f);
    state.put(StepState.TOP_P, 1f);
  }

  static CaseBuilder of(String kernel, String name) {
    return new CaseBuilder(KernelCatalog.get(kernel), name);
  }

  CaseBuilder arg(String arg, Number value) {
    if (args.put(arg, value) == null) {
      throw new IllegalArgumentException(contract.name() + " has no argument '" + arg + "'");
    }
    return this;
  }

  CaseBuilder constant(String constant, long value) {
    if (constants.put(constant, value) == null) {
      throw new IllegalArgumentException(contract.name() + " has no constant '" + constant + "'");
    }
    return this;
  }

  /** A dispatch for up to so many tokens, in a step of {@code active}. */
  CaseBuilder tokens(int most, int active) {
    return arg("n_tokens", most).state(StepState.ACTIVE, active);
  }

  CaseBuilder position(int position) {
    return state(StepState.POSITION, position);
  }

  /** A field of the step state. */
  CaseBuilder state(long offset, Number value) {
    state.put(offset, value);
    return this;
  }

  CaseBuilder content(String slot, Content content) {
    slots.put(contract.slot(slot).name(), content);
    return this;
  }

  /** Values about 0 with deviation 1. */
  CaseBuilder floats(String slot, long count) {
    return content(slot, new Content.Floats(count, 0, 1));
  }

  /** Norm weights: about 1, as in models. */
  CaseBuilder norm(String slot, long count) {
    return content(slot, new Content.Floats(count, 1, 0.15));
  }

  CaseBuilder halves(String slot, long count) {
    return content(slot, new Content.Halves(count, 1));
  }

  CaseBuilder ints(String slot, IntStream values) {
    return content(slot, new Content.Ints(values.boxed().toList()));
  }

  /** Weights whose rows give results of about the size of their inputs. */
  CaseBuilder weights(String slot, TensorType type, long rows, long cols) {
    if (constants.containsKey(slot + "_type")) {
      constant(slot + "_type", type.id());
    }
    return content(slot, new Content.Blocks(type, rows, cols, 1 / Math.sqrt((double) cols)));
  }

  CaseBuilder results(String slot, long count) {
    return content(slot, new Content.Room(Element.FLOAT, count));
  }

  CaseBuilder intResults(String slot, long count) {
    return content(slot, new Content.Room(Element.INT, count));
  }

  /** One slot is another's memory. */
  CaseBuilder same(String slot, String as) {
    return content(slot, new Content.Same(contract.slot(as).name()));
  }

  CaseBuilder tolerance(String slot, double relative) {
    tolerances.put(contract.slot(slot).name(), relative);
    return this;
  }

  CaseBuilder timed() {
    timed = true;
    return this;
  }

  KernelCase build() {
    if (contract.slots().stream().anyMatch(slot -> slot.name().equals("step"))) {
      content("step", new Content.State(state));
    }
    List<String> missing = new ArrayList<>();
    for (Slot slot : contract.slots()) {
      if (!slot.optional() && !slots.containsKey(slot.name())) {
        missing.add(slot.name());
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(contract.name() + " [" + name + "] lacks " + missing);
    }
    return new KernelCase(contract, name, constants, args, slots, tolerances, timed);
  }
}
