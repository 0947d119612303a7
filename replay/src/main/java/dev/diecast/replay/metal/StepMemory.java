package dev.diecast.replay.metal;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.StepState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;

/** The step state and tickets, for runs that belong to no session. */
final class StepMemory {
  private final List<MemorySegment> states;
  private final List<MemorySegment> tickets;

  StepMemory(Plan plan, GpuMemory memory) {
    states = of(plan, memory, PlanBuffer.State.class);
    tickets = of(plan, memory, PlanBuffer.Tickets.class);
  }

  private static List<MemorySegment> of(
      Plan plan, GpuMemory memory, Class<? extends PlanBuffer> kind) {
    return IntStream.range(0, plan.buffers().size())
        .filter(i -> kind.isInstance(plan.buffers().get(i)))
        .mapToObj(memory::segment)
        .toList();
  }

  /** Makes the next run one that emits nothing, at a position, of that many tokens. */
  void place(int position, int active) {
    for (MemorySegment state : states) {
      state.fill((byte) 0);
      state.set(ValueLayout.JAVA_INT_UNALIGNED, StepState.POSITION, position);
      state.set(ValueLayout.JAVA_INT_UNALIGNED, StepState.ACTIVE, active);
    }
    forgetTickets();
  }

  /**
   * Makes the next run safe after one that failed: at a position that is certainly inside the
   * cache, with tickets as every step finds them. All else stays.
   */
  void rewind() {
    states.forEach(state -> state.set(ValueLayout.JAVA_INT_UNALIGNED, StepState.POSITION, 0));
    forgetTickets();
  }

  private void forgetTickets() {
    tickets.forEach(bytes -> bytes.fill((byte) 0));
  }
}
