package dev.diecast.replay.metal;

import dev.diecast.bindings.objc.MetalException;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.StepState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;

/**
 * Finds the command behind a fault, which Metal does not tell: runs the program once more, command
 * by command, until one faults. The session has to start anew anyway, so that it does no harm.
 */
final class FaultSearch {
  private final Plan plan;
  private final List<List<Command>> programs;
  private final GpuMemory memory;
  private final CommandPath path;

  FaultSearch(Plan plan, List<List<Command>> programs, GpuMemory memory, CommandPath path) {
    this.plan = plan;
    this.programs = programs;
    this.memory = memory;
    this.path = path;
  }

  /** What to say of the command that faults; empty when the GPU cannot be asked again. */
  Optional<String> find(int program) {
    List<Command> commands = programs.get(program);
    try {
      path.recover();
      rewind();
      for (int i = 0; i < commands.size(); i++) {
        if (faults(program, i)) {
          return Optional.of(commands.get(i).where());
        }
      }
    } catch (MetalException e) {
      return Optional.empty();
    }
    return Optional.of(
        plan.programs().get(program).name()
            + " (which did not fail again when its dispatches ran one by one)");
  }

  private boolean faults(int program, int command) {
    path.submit(program, command, command + 1);
    try {
      path.awaitOldest();
      return false;
    } catch (GpuFault e) {
      return true;
    }
  }

  /** A position that is certainly inside the cache, and tickets as every step finds them. */
  private void rewind() {
    for (int i = 0; i < plan.buffers().size(); i++) {
      MemorySegment bytes = memory.segment(i);
      switch (plan.buffers().get(i)) {
        case PlanBuffer.State _ -> bytes.set(ValueLayout.JAVA_INT_UNALIGNED, StepState.POSITION, 0);
        case PlanBuffer.Tickets _ -> bytes.fill((byte) 0);
        default -> {}
      }
    }
  }
}
