package dev.diecast.replay.metal;

import dev.diecast.bindings.objc.MetalException;
import dev.diecast.plans.Plan;
import java.util.List;
import java.util.Optional;

/**
 * Finds the command behind a fault, which Metal does not tell: runs the program once more, command
 * by command, until one faults. The session has to start anew anyway, so that it does no harm.
 */
final class FaultSearch {
  private final Plan plan;
  private final List<List<Command>> programs;
  private final StepMemory memory;
  private final CommandPath path;

  FaultSearch(Plan plan, List<List<Command>> programs, GpuMemory memory, CommandPath path) {
    this.plan = plan;
    this.programs = programs;
    this.memory = new StepMemory(plan, memory);
    this.path = path;
  }

  /** What to say of the command that faults; empty when the GPU cannot be asked again. */
  Optional<String> find(int program) {
    List<Command> commands = programs.get(program);
    try {
      path.recover();
      memory.rewind();
      for (int i = 0; i < commands.size(); i++) {
        if (faults(program, i)) {
          return Optional.of(commands.get(i).where());
        }
      }
    } catch (GpuFault | MetalException e) {
      return Optional.empty();
    }
    return Optional.of(
        plan.programs().get(program).name()
            + " (which did not fail again when its dispatches ran one by one)");
  }

  private boolean faults(int program, int command) throws GpuFault {
    path.submit(program, command, command + 1);
    try {
      path.awaitOldest();
      return false;
    } catch (GpuFault e) {
      if (e.kind() != GpuFault.Kind.COMMAND) {
        throw e; // no fault of this command
      }
      return true;
    }
  }
}
