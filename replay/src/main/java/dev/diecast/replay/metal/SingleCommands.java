package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.CommandBufferStatus;
import dev.diecast.bindings.metal.CommandQueue;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.MetalFence;
import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.MetalException;
import java.util.List;
import java.util.function.LongConsumer;

/** Commands of a plan in encoders of their own, waited for one command buffer at a time. */
final class SingleCommands implements AutoCloseable {
  private final Resources resources = new Resources();
  private final LoadedPlan loaded;
  private final DirectEncoder direct;
  private final MetalFence fence;
  private final CommandQueue queue;

  SingleCommands(LoadedPlan loaded) {
    this.loaded = loaded;
    try {
      direct = new DirectEncoder(loaded.programs());
      resources.own(direct::close);
      Residency residency = new Residency(loaded.device(), loaded.memory(), List.of(), false);
      resources.own(residency::close);
      fence = MetalFence.create(loaded.device());
      resources.own(fence::close);
      queue = residency.queue(loaded.device(), 1);
      resources.own(queue::close);
    } catch (Throwable t) {
      resources.close();
      throw t;
    }
  }

  /** How many commands a program has. */
  int count(int program) {
    return loaded.programs().get(program).size();
  }

  /** Encodes one command, behind all others, and ends the encoder. */
  void encode(long encoder, int program, int command) {
    try {
      ComputeCommandEncoder.waitForFence(encoder, fence.id());
      direct.encode(encoder, program, command, command + 1);
      ComputeCommandEncoder.updateFence(encoder, fence.id());
    } finally {
      ComputeCommandEncoder.end(encoder);
    }
  }

  /** Encodes a command buffer, waits for it and lets somebody look at it. */
  void run(LongConsumer encode, LongConsumer ended) throws GpuFault {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      long buffer = queue.commandBufferWithUnretainedReferences();
      encode.accept(buffer);
      CommandBuffer.commit(buffer);
      CommandBuffer.waitUntilCompleted(buffer);
      if (CommandBuffer.status(buffer) != CommandBufferStatus.COMPLETED) {
        throw GpuFault.of(
            CommandBuffer.failure(buffer)
                .orElseGet(() -> new MetalException("a command buffer ended early")));
      }
      ended.accept(buffer);
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}
