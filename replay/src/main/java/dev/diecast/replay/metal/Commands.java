package dev.diecast.replay.metal;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.List;

/** Resolves the dispatches of a plan to Metal's objects, once. */
final class Commands {
  private Commands() {}

  /** The commands of every program, in the plan's order. */
  static List<List<Command>> of(Plan plan, GpuMemory memory, Pipelines pipelines) {
    List<List<Command>> programs = new ArrayList<>();
    for (int p = 0; p < plan.programs().size(); p++) {
      Program program = plan.programs().get(p);
      List<Command> commands = new ArrayList<>();
      for (int d = 0; d < program.dispatches().size(); d++) {
        commands.add(command(plan, p, d, memory, pipelines));
      }
      programs.add(List.copyOf(commands));
    }
    return List.copyOf(programs);
  }

  private static Command command(
      Plan plan, int program, int index, GpuMemory memory, Pipelines pipelines) {
    Program owner = plan.programs().get(program);
    Dispatch dispatch = owner.dispatches().get(index);
    KernelUse use = plan.kernels().get(dispatch.kernel());
    String where = owner.name() + "[" + index + "] " + dispatch.label() + " (" + use.name() + ")";
    Pipelines.Pipeline pipeline = pipelines.of(dispatch.kernel());
    pipeline.requireThreads(where, dispatch.threadgroup());
    List<Command.Argument> arguments = new ArrayList<>();
    for (Dispatch.Binding binding : dispatch.bindings()) {
      int at = pipeline.text().bufferIndex(binding.slot());
      arguments.add(argument(at, memory.place(binding)));
    }
    arguments.add(argument(pipeline.text().argsIndex(), memory.arguments(program, index)));
    return new Command(
        where,
        pipeline.id(),
        arguments,
        dispatch.grid(),
        dispatch.threadgroup(),
        dispatch.barrierBefore());
  }

  private static Command.Argument argument(int index, GpuMemory.Place place) {
    return new Command.Argument(index, place.buffer(), place.offset(), place.address());
  }
}
