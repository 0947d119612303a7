package dev.diecast.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepBuffersTest {
  /** A step that fails leaves tickets behind, which would end the next attention early. */
  @Test
  void rewindingTakesTheTicketsBack() {
    Plan plan = withTickets(TinyPlan.of(8, 0));
    try (Arena arena = Arena.ofConfined()) {
      List<MemorySegment> memory =
          plan.buffers().stream().map(buffer -> arena.allocate(buffer.bytes(), 64)).toList();
      StepBuffers buffers = new StepBuffers(plan, memory::get);
      MemorySegment constants = memory.getFirst();
      MemorySegment tickets = memory.getLast();
      constants.fill((byte) 1);
      tickets.fill((byte) 1);

      buffers.rewind();

      assertThat(tickets.toArray(ValueLayout.JAVA_INT)).containsOnly(0);
      assertThat(constants.toArray(ValueLayout.JAVA_BYTE)).containsOnly(1);
    }
  }

  private static Plan withTickets(Plan plan) {
    List<PlanBuffer> buffers = new ArrayList<>(plan.buffers());
    buffers.add(new PlanBuffer.Tickets("tickets", 16));
    return new Plan(
        plan.producer(),
        plan.model(),
        plan.device(),
        plan.kernels(),
        buffers,
        plan.tensors(),
        plan.programs(),
        plan.tuning(),
        plan.passes());
  }
}
