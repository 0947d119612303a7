package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.ArgumentTable4;
import dev.diecast.bindings.metal.ComputeEncoder4;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.Stages;
import dev.diecast.bindings.metal.Visibility4;
import dev.diecast.bindings.objc.DispatchSizes;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * An argument table for every dispatch, filled when the plan is loaded, so that a token sets table
 * and pipeline and dispatches. Tables hold addresses of 64 bits.
 */
final class ArgumentTables implements AutoCloseable {
  private static final long DISPATCH = Stages.DISPATCH.value();

  /** A program as arrays, which are walked without following objects. */
  private record Prepared(
      long[] pipelines, long[] tables, boolean[] barriers, DispatchSizes[] sizes) {}

  private final Resources resources = new Resources();
  private final Prepared[] programs;

  ArgumentTables(MetalDevice device, List<List<Command>> programs) {
    try {
      Arena arena = Arena.ofShared();
      resources.own(arena::close);
      this.programs =
          programs.stream().map(list -> prepare(device, list, arena)).toArray(Prepared[]::new);
    } catch (Throwable t) {
      resources.close();
      throw t;
    }
  }

  private Prepared prepare(MetalDevice device, List<Command> commands, Arena arena) {
    int count = commands.size();
    Prepared prepared =
        new Prepared(
            new long[count], new long[count], new boolean[count], new DispatchSizes[count]);
    for (int i = 0; i < count; i++) {
      Command command = commands.get(i);
      ArgumentTable4 table = ArgumentTable4.create(device, command.bindCount());
      resources.own(table::close);
      for (Command.Argument argument : command.arguments()) {
        table.setAddress(argument.address(), argument.index());
      }
      prepared.pipelines[i] = command.pipeline();
      prepared.tables[i] = table.id();
      prepared.barriers[i] = command.barrierBefore();
      prepared.sizes[i] = Sizes.of(command, arena);
    }
    return prepared;
  }

  /** Encodes commands {@code from} to {@code to}, the last excluded; allocates nothing. */
  void encode(long encoder, int program, int from, int to) {
    Prepared all = programs[program];
    long current = 0;
    for (int i = from; i < to; i++) {
      if (all.barriers[i] && i > from) {
        ComputeEncoder4.barrier(encoder, DISPATCH, DISPATCH, Visibility4.DEVICE);
      }
      if (all.pipelines[i] != current) {
        current = all.pipelines[i];
        ComputeEncoder4.setPipeline(encoder, current);
      }
      ComputeEncoder4.setArgumentTable(encoder, all.tables[i]);
      ComputeEncoder4.dispatch(encoder, all.sizes[i]);
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}
