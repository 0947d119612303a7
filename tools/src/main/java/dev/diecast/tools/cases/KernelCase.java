package dev.diecast.tools.cases;

import dev.diecast.kernels.KernelContract;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One dispatch of a kernel with all that goes into it. The same case has the same bytes everywhere.
 *
 * @param contract the kernel
 * @param name tells it from the kernel's other cases: {@code 13x768, 5 tokens, 3 active}
 * @param constants function constants of the contract by name
 * @param args every argument by name
 * @param slots bound slots
 * @param tolerances by slot, where it is not the usual one: relative L2 distance of a row from
 *     float64
 * @param timed whether it is there for its speed; others are small
 */
public record KernelCase(
    KernelContract contract,
    String name,
    Map<String, Long> constants,
    Map<String, Number> args,
    Map<String, Content> slots,
    Map<String, Double> tolerances,
    boolean timed) {
  /** Relative error of a row of float32 results from float activations. */
  public static final double FLOAT_TOLERANCE = 1e-5;

  /** The same where results are rounded to float16. */
  public static final double HALF_TOLERANCE = 1e-3;

  /** Copies the maps. */
  public KernelCase {
    constants = Map.copyOf(constants);
    args = Map.copyOf(args);
    slots = Collections.unmodifiableMap(new LinkedHashMap<>(slots));
    tolerances = Map.copyOf(tolerances);
  }

  /** The name of the kernel. */
  public String kernel() {
    return contract.name();
  }

  /** The argument struct. */
  public byte[] packedArgs() {
    return contract.args().pack(args);
  }

  /** What is bound to a slot. */
  public Content content(String slot) {
    Content content = slots.get(contract.slot(slot).name());
    if (content == null) {
      throw new IllegalArgumentException(this + ": slot '" + slot + "' is not bound");
    }
    return content instanceof Content.Same same ? content(same.slot()) : content;
  }

  /** The largest relative error that a row of a slot may have. */
  public double tolerance(String slot) {
    double usual = content(slot).element() == Element.HALF ? HALF_TOLERANCE : FLOAT_TOLERANCE;
    return tolerances.getOrDefault(slot, usual);
  }

  @Override
  public String toString() {
    return kernel() + " [" + name + "]";
  }
}
