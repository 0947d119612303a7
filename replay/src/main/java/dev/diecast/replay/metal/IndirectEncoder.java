package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.IndirectCommandBuffer;
import dev.diecast.bindings.metal.IndirectComputeCommand;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.ResourceOption;
import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.DispatchSizes;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands encoded once, when the plan is loaded, in an indirect command buffer for each program; a
 * token executes it whole. Commands run concurrently but where a barrier is set.
 */
final class IndirectEncoder implements StepEncoder {
  private final Resources resources = new Resources();
  private final List<IndirectCommandBuffer> programs;
  private final long[] ids;
  private final long[][] touched;
  private final DispatchSizes nothing;

  /**
   * Encodes.
   *
   * @param touchPipelines whether each encoder has to set every pipeline once: GPUs before Apple9
   *     fault on pipelines that only an indirect command buffer names
   */
  IndirectEncoder(MetalDevice device, List<List<Command>> programs, boolean touchPipelines) {
    try {
      Arena arena = Arena.ofShared();
      resources.own(arena::close);
      this.nothing = new DispatchSizes(arena, 0, 0, 0, 0, 0, 0);
      this.touched = new long[programs.size()][];
      List<IndirectCommandBuffer> made = new ArrayList<>();
      for (int i = 0; i < programs.size(); i++) {
        made.add(encoded(device, programs.get(i)));
        touched[i] = touchPipelines ? distinctPipelines(programs.get(i)) : new long[0];
      }
      this.programs = List.copyOf(made);
      this.ids = made.stream().mapToLong(IndirectCommandBuffer::id).toArray();
    } catch (Throwable t) {
      resources.close();
      throw t;
    }
  }

  private IndirectCommandBuffer encoded(MetalDevice device, List<Command> commands) {
    int binds = commands.stream().mapToInt(Command::bindCount).max().orElse(1);
    IndirectCommandBuffer buffer =
        IndirectCommandBuffer.create(
            device, commands.size(), binds, 0, ResourceOption.SHARED.value());
    resources.own(buffer::close);
    try (Arena arena = Arena.ofConfined();
        AutoreleasePool _ = new AutoreleasePool()) {
      for (int i = 0; i < commands.size(); i++) {
        encode(buffer.command(i), commands.get(i), arena);
      }
    }
    return buffer;
  }

  private static void encode(long indirect, Command command, Arena arena) {
    IndirectComputeCommand.setPipeline(indirect, command.pipeline());
    for (Command.Argument argument : command.arguments()) {
      IndirectComputeCommand.setBuffer(
          indirect, argument.buffer(), narrow(command, argument), argument.index());
    }
    if (command.barrierBefore()) {
      IndirectComputeCommand.setBarrier(indirect);
    }
    IndirectComputeCommand.dispatch(indirect, Sizes.of(command, arena));
  }

  /** The offset, which Metal would cut to 32 bits without a word. */
  private static long narrow(Command command, Command.Argument argument) {
    if (argument.offset() >>> 32 != 0) {
      throw new IllegalStateException(
          command.where() + ": offset " + argument.offset() + " does not fit 32 bits");
    }
    return argument.offset();
  }

  private static long[] distinctPipelines(List<Command> commands) {
    return commands.stream().mapToLong(Command::pipeline).distinct().toArray();
  }

  @Override
  public void encode(long encoder, int program, int from, int to) {
    for (long pipeline : touched[program]) {
      ComputeCommandEncoder.setPipeline(encoder, pipeline);
      ComputeCommandEncoder.dispatch(encoder, nothing);
    }
    ComputeCommandEncoder.execute(encoder, ids[program], from, to - from);
  }

  @Override
  public List<IndirectCommandBuffer> allocations() {
    return programs;
  }

  @Override
  public void close() {
    resources.close();
  }
}
