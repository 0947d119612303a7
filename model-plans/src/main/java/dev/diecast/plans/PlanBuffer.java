package dev.diecast.plans;

/** A buffer of a plan. Bindings address bytes in it. */
public sealed interface PlanBuffer {
  /** A name for people, unique in the plan. */
  String name();

  /** Size in bytes. */
  long bytes();

  /**
   * A window of a GGUF part, read-only, smaller than 4 GiB, mapped without a copy where the device
   * can.
   */
  record Weights(String name, int fileIndex, long fileOffset, long bytes) implements PlanBuffer {}

  /** Bytes that the plan itself carries, for example RoPE frequencies. Read-only. */
  record Constants(String name, byte[] contents) implements PlanBuffer {
    @Override
    public long bytes() {
      return contents.length;
    }
  }

  /**
   * The KV cache; kept between steps, zero at first. A cache that reaches 4 GiB is several buffers.
   */
  record Kv(String name, long bytes) implements PlanBuffer {}

  /** Activations of one step; nothing in it outlives the step. */
  record Arena(String name, long bytes) implements PlanBuffer {}

  /** The step state, laid out by {@link StepState}. */
  record State(String name, long bytes) implements PlanBuffer {}

  /** What the host reads or writes between steps: {@code logits}, {@code prompt}, {@code ring}. */
  record Io(String name, long bytes) implements PlanBuffer {}

  /**
   * Counters by which the work items of one dispatch find out who finishes last: int32, zero at
   * first and zero again after every step.
   */
  record Tickets(String name, long bytes) implements PlanBuffer {}
}
