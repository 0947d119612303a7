package dev.diecast.tools.cases;

import dev.diecast.plans.StepState;

/** The bytes that a case has to move, whoever computes it. */
public final class CaseTraffic {
  private CaseTraffic() {}

  /**
   * Bytes that are read or written at least once: of experts those that were chosen, of the KV
   * cache the rows that the step sees, of scratch nothing. Memory that is read and written counts
   * once.
   */
  public static long bytes(KernelCase of) {
    return of.slots().keySet().stream().mapToLong(slot -> bytes(of, slot)).sum();
  }

  /** The same of the weights alone. */
  public static long weightBytes(KernelCase of) {
    return of.slots().entrySet().stream()
        .filter(slot -> slot.getValue() instanceof Content.Blocks)
        .mapToLong(slot -> bytes(of, slot.getKey()))
        .sum();
  }

  private static long bytes(KernelCase of, String slot) {
    return switch (of.slots().get(slot)) {
      case Content.Blocks blocks when slot.equals("shared") -> blocks.bytes();
      case Content.Blocks blocks ->
          blocks.bytes() / number(of, "n_expert", 1) * number(of, "n_used", 1);
      case Content.Halves cache ->
          cache.bytes() / number(of, "capacity", 1) * (position(of) + number(of, "n_tokens", 1));
      case Content.Room room when slot.equals("scratch") -> 0;
      case Content.State state -> 0;
      case null -> 0;
      case Content other -> other.bytes();
    };
  }

  private static long position(KernelCase of) {
    return of.content("step") instanceof Content.State state
        ? state.fields().getOrDefault(StepState.POSITION, 0).longValue()
        : 0;
  }

  private static long number(KernelCase of, String arg, long otherwise) {
    Number value = of.args().get(arg);
    return value == null ? otherwise : value.longValue();
  }
}
