package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.CommandBufferStatus;
import dev.diecast.bindings.metal.CommandQueue;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.MetalFence;
import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.ObjcRuntime;
import java.util.Optional;

/**
 * Command buffers of Metal 1 to 3: one with one concurrent compute encoder per submission. A fence
 * makes each encoder wait for the one in front of it, as Metal tracks no hazards in this memory.
 * Nothing is retained for a submission: what it uses lives as long as this path.
 */
final class ClassicPath implements CommandPath {
  private final Resources resources = new Resources();
  private final MetalDevice device;
  private final StepEncoder encoder;
  private final Residency residency;
  private final MetalFence fence;
  private final long[] underWay;
  private CommandQueue queue;
  private long submitted;
  private long awaited;

  private ClassicPath(LoadedPlan loaded, StepEncoder encoder, boolean indirect, int depth) {
    this.device = loaded.device();
    this.encoder = encoder;
    this.underWay = new long[depth];
    resources.own(encoder::close);
    try {
      residency = new Residency(device, loaded.memory(), encoder.allocations(), indirect);
      resources.own(residency::close);
      fence = MetalFence.create(device);
      resources.own(fence::close);
      queue = residency.queue(device, depth);
      resources.own(this::closeQueue);
    } catch (Throwable t) {
      resources.close();
      throw t;
    }
  }

  /**
   * Opens a path and takes over the encoder.
   *
   * @param indirect whether the encoder binds in a way that Metal does not see
   * @param depth submissions that may be under way
   */
  static ClassicPath open(LoadedPlan loaded, StepEncoder encoder, boolean indirect, int depth) {
    return new ClassicPath(loaded, encoder, indirect, depth);
  }

  @Override
  public void submit(int program, int from, int to) {
    if (submitted - awaited == underWay.length) {
      throw new IllegalStateException(underWay.length + " submissions are under way already");
    }
    long pool = AutoreleasePool.pushed();
    try {
      long commands = queue.commandBufferWithUnretainedReferences();
      encode(commands, program, from, to);
      CommandBuffer.commit(commands);
      underWay[(int) (submitted % underWay.length)] = ObjcRuntime.retain(commands);
      submitted++;
    } finally {
      AutoreleasePool.pop(pool);
    }
  }

  private void encode(long commands, int program, int from, int to) {
    long compute = CommandBuffer.computeEncoder(commands, DispatchType.CONCURRENT);
    try {
      ComputeCommandEncoder.waitForFence(compute, fence.id());
      residency.mark(compute);
      encoder.encode(compute, program, from, to);
      ComputeCommandEncoder.updateFence(compute, fence.id());
    } finally {
      ComputeCommandEncoder.end(compute);
    }
  }

  @Override
  public void awaitOldest() throws GpuFault {
    int slot = (int) (awaited % underWay.length);
    long commands = underWay[slot];
    awaited++;
    underWay[slot] = 0;
    long pool = AutoreleasePool.pushed();
    try {
      CommandBufferStatus status = CommandBuffer.status(commands);
      if (status != CommandBufferStatus.COMPLETED && status != CommandBufferStatus.ERROR) {
        CommandBuffer.waitUntilCompleted(commands);
        status = CommandBuffer.status(commands);
      }
      if (status != CommandBufferStatus.COMPLETED) {
        Optional<MetalException> failure = CommandBuffer.failure(commands);
        throw GpuFault.of(
            failure.orElseGet(() -> new MetalException("a command buffer ended early")));
      }
    } finally {
      ObjcRuntime.release(commands);
      AutoreleasePool.pop(pool);
    }
  }

  @Override
  public void recover() {
    drain();
    // A queue that saw a fault may refuse whatever comes next.
    CommandQueue fresh = residency.queue(device, underWay.length);
    queue.close();
    queue = fresh;
  }

  /** Waits for what is under way; how it ended matters to nobody any more. */
  private void drain() {
    while (awaited < submitted) {
      try {
        awaitOldest();
      } catch (GpuFault | MetalException _) {
        // The fault that somebody heard of already, or what followed from it.
      }
    }
  }

  private void closeQueue() {
    queue.close();
  }

  @Override
  public void close() {
    try {
      drain();
    } finally {
      resources.close();
    }
  }
}
