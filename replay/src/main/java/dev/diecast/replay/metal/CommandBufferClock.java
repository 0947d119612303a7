package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.DispatchType;

/** A command buffer for each dispatch, which says when the GPU began and ended it. */
final class CommandBufferClock implements DispatchClock {
  private final SingleCommands commands;

  CommandBufferClock(LoadedPlan loaded) {
    commands = new SingleCommands(loaded);
  }

  @Override
  public double[] micros(int program) throws GpuFault {
    double[] micros = new double[commands.count(program)];
    for (int i = 0; i < micros.length; i++) {
      int dispatch = i;
      commands.run(
          buffer -> {
            long encoder = CommandBuffer.computeEncoder(buffer, DispatchType.CONCURRENT);
            commands.encode(encoder, program, dispatch);
          },
          buffer ->
              micros[dispatch] =
                  (CommandBuffer.gpuEndTime(buffer) - CommandBuffer.gpuStartTime(buffer)) * 1e6);
    }
    return micros;
  }

  @Override
  public void close() {
    commands.close();
  }
}
