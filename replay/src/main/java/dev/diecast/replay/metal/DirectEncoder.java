package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.BarrierScope;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.objc.DispatchSizes;
import dev.diecast.bindings.objc.OwnedObject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Encodes every dispatch anew for every token, with at most four messages: pipeline where it
 * changes, all buffers at once, barrier where the plan has one, dispatch.
 */
final class DirectEncoder implements StepEncoder {
  /** A program as arrays, which are walked without following objects. */
  private static final class Prepared {
    private final long[] pipelines;
    private final long[] buffers;
    private final long[] offsets;
    private final long[] counts;
    private final boolean[] barriers;
    private final DispatchSizes[] sizes;

    Prepared(List<Command> commands, Arena arena) {
      int count = commands.size();
      pipelines = new long[count];
      buffers = new long[count];
      offsets = new long[count];
      counts = new long[count];
      barriers = new boolean[count];
      sizes = new DispatchSizes[count];
      for (int i = 0; i < count; i++) {
        Command command = commands.get(i);
        pipelines[i] = command.pipeline();
        counts[i] = command.bindCount();
        barriers[i] = command.barrierBefore();
        sizes[i] = Sizes.of(command, arena);
        MemorySegment ids = arena.allocate(ValueLayout.JAVA_LONG, counts[i]);
        MemorySegment starts = arena.allocate(ValueLayout.JAVA_LONG, counts[i]);
        for (Command.Argument argument : command.arguments()) {
          ids.setAtIndex(ValueLayout.JAVA_LONG, argument.index(), argument.buffer());
          starts.setAtIndex(ValueLayout.JAVA_LONG, argument.index(), argument.offset());
        }
        buffers[i] = ids.address();
        offsets[i] = starts.address();
      }
    }

    void encode(long encoder, int from, int to) {
      long current = 0;
      for (int i = from; i < to; i++) {
        if (barriers[i] && i > from) {
          ComputeCommandEncoder.barrier(encoder, BarrierScope.BUFFERS);
        }
        if (pipelines[i] != current) {
          current = pipelines[i];
          ComputeCommandEncoder.setPipeline(encoder, current);
        }
        ComputeCommandEncoder.setBuffers(encoder, buffers[i], offsets[i], 0, counts[i]);
        ComputeCommandEncoder.dispatch(encoder, sizes[i]);
      }
    }
  }

  private final Arena arena = Arena.ofShared();
  private final Prepared[] programs;

  DirectEncoder(List<List<Command>> programs) {
    this.programs =
        programs.stream().map(commands -> new Prepared(commands, arena)).toArray(Prepared[]::new);
  }

  @Override
  public void encode(long encoder, int program, int from, int to) {
    programs[program].encode(encoder, from, to);
  }

  @Override
  public List<OwnedObject> allocations() {
    return List.of();
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
