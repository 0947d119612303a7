package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.bindings.metal.ArgumentTable4;
import dev.diecast.bindings.metal.BarrierScope;
import dev.diecast.bindings.metal.CommandAllocator4;
import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.CommandBuffer4;
import dev.diecast.bindings.metal.CommandBufferStatus;
import dev.diecast.bindings.metal.CommandQueue4;
import dev.diecast.bindings.metal.CommitFeedback4;
import dev.diecast.bindings.metal.CommitOptions4;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.ComputeEncoder4;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.CounterHeap4;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.HazardTrackingMode;
import dev.diecast.bindings.metal.HeapDescriptor;
import dev.diecast.bindings.metal.HeapType;
import dev.diecast.bindings.metal.IndirectCommandBuffer;
import dev.diecast.bindings.metal.IndirectComputeCommand;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.MetalFence;
import dev.diecast.bindings.metal.MetalHeap;
import dev.diecast.bindings.metal.ResidencySet;
import dev.diecast.bindings.metal.ResourceUsage;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.metal.Stages;
import dev.diecast.bindings.metal.StorageMode;
import dev.diecast.bindings.metal.TimestampGranularity4;
import dev.diecast.bindings.metal.Visibility4;
import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Block;
import dev.diecast.bindings.objc.DispatchSizes;
import dev.diecast.bindings.objc.IdArray;
import dev.diecast.bindings.objc.MetalException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Everything that can be encoded, in each of the three ways; the results show that it arrived. */
final class EncodingTour {
  private final Gpu gpu;
  private final MetalBuffer x;
  private final MetalBuffer y;

  EncodingTour(Gpu gpu) {
    this.gpu = gpu;
    this.x = gpu.counting();
    this.y = gpu.counting();
  }

  /**
   * A concurrent encoder with barriers, threadgroup memory, a fence, groups, and an event before
   * and after.
   */
  void direct() {
    ComputePipeline doubled = gpu.pipeline("doubled", false);
    ComputePipeline reversed = gpu.pipeline("reversed", false);
    MetalFence fence = gpu.keep(MetalFence.create(gpu.device));
    SharedEvent event = gpu.keep(SharedEvent.create(gpu.device));
    ResidencySet set = gpu.keep(ResidencySet.create(gpu.device, 1));
    AtomicLong completed = new AtomicLong();
    DispatchSizes one = new DispatchSizes(gpu.arena, 1, 1, 1, Gpu.COUNT, 1, 1);
    try (Block block = new Block(completed::set);
        AutoreleasePool _ = new AutoreleasePool()) {
      long commands = gpu.queue.commandBufferWithUnretainedReferences();
      CommandBuffer.setLabel(commands, "tour");
      CommandBuffer.enqueue(commands);
      CommandBuffer.useResidencySet(commands, set);
      CommandBuffer.await(commands, event, 1);
      long encoder = CommandBuffer.computeEncoder(commands, DispatchType.CONCURRENT);
      ComputeCommandEncoder.setLabel(encoder, "step");
      ComputeCommandEncoder.waitForFence(encoder, fence.id());
      ComputeCommandEncoder.pushDebugGroup(encoder, "double, then turn round");
      ComputeCommandEncoder.setPipeline(encoder, doubled.id());
      IdArray buffers = IdArray.of(gpu.arena, List.of(x));
      ComputeCommandEncoder.setBuffers(
          encoder, buffers.address(), IdArray.of(gpu.arena, 0L).address(), 0, 1);
      ComputeCommandEncoder.dispatch(encoder, gpu.sizes());
      ComputeCommandEncoder.barrier(encoder, BarrierScope.BUFFERS);
      ComputeCommandEncoder.setPipeline(encoder, reversed.id());
      ComputeCommandEncoder.setThreadgroupMemory(encoder, Gpu.COUNT * Float.BYTES, 0);
      ComputeCommandEncoder.dispatch(encoder, one);
      ComputeCommandEncoder.popDebugGroup(encoder);
      ComputeCommandEncoder.updateFence(encoder, fence.id());
      ComputeCommandEncoder.end(encoder);
      CommandBuffer.signal(commands, event, 2);
      CommandBuffer.addCompletedHandler(commands, block);
      CommandBuffer.commit(commands);
      event.setValue(1);
      CommandBuffer.waitUntilCompleted(commands);
      assertThat(CommandBuffer.status(commands)).isEqualTo(CommandBufferStatus.COMPLETED);
      assertThat(CommandBuffer.gpuEndTime(commands))
          .isGreaterThanOrEqualTo(CommandBuffer.gpuStartTime(commands));
      assertThat(CommandBuffer.kernelEndTime(commands))
          .isGreaterThanOrEqualTo(CommandBuffer.kernelStartTime(commands));
      assertThat(completed).hasValue(commands);
      assertThat(block.failure()).isEmpty();
    }
    assertThat(event.value()).isEqualTo(2);
    assertThat(Gpu.floats(x)[0]).isEqualTo(2 * (Gpu.COUNT - 1));
  }

  /** A command buffer that the GPU gives up on. */
  void failing(SoftMetal metal) {
    metal.inject("commit", 0, new Fault.Gpu(8));
    try (AutoreleasePool _ = new AutoreleasePool()) {
      long commands = gpu.queue.commandBuffer();
      ComputeCommandEncoder.end(CommandBuffer.computeEncoder(commands, DispatchType.SERIAL));
      CommandBuffer.commit(commands);
      CommandBuffer.waitUntilCompleted(commands);
      assertThat(CommandBuffer.failure(commands))
          .hasValueSatisfying(e -> {
            assertThat(e.domain()).isEqualTo("MTLCommandBufferErrorDomain");
            assertThat(e.code()).isEqualTo(8);
          });
    }
    metal.injectNothing();
  }

  /** Commands that are encoded once and run twice. */
  void indirect() {
    ComputePipeline doubled = gpu.pipeline("doubled", true);
    ComputePipeline reversed = gpu.pipeline("reversed", true);
    HeapDescriptor settings =
        new HeapDescriptor(
            65536, StorageMode.SHARED, HazardTrackingMode.UNTRACKED, HeapType.AUTOMATIC);
    MetalHeap heap = gpu.keep(MetalHeap.create(gpu.device, settings));
    IndirectCommandBuffer commands = gpu.keep(IndirectCommandBuffer.create(gpu.device, 3, 2, 1, 0));
    assertThat(commands.size()).isEqualTo(3);
    try (AutoreleasePool _ = new AutoreleasePool()) {
      commands.reset(0, 3);
      long first = commands.command(0);
      IndirectComputeCommand.reset(first);
      IndirectComputeCommand.setPipeline(first, doubled.id());
      IndirectComputeCommand.setBuffer(first, x.id(), 0, 0);
      IndirectComputeCommand.clearBarrier(first);
      IndirectComputeCommand.dispatch(first, gpu.sizes());
      long second = commands.command(1);
      IndirectComputeCommand.setPipeline(second, reversed.id());
      IndirectComputeCommand.setBuffer(second, x.id(), 0, 0);
      IndirectComputeCommand.setThreadgroupMemory(second, Gpu.COUNT * Float.BYTES, 0);
      IndirectComputeCommand.setBarrier(second);
      IndirectComputeCommand.dispatch(
          second, new DispatchSizes(gpu.arena, 1, 1, 1, Gpu.COUNT, 1, 1));
    }
    for (int run = 0; run < 2; run++) {
      try (AutoreleasePool _ = new AutoreleasePool()) {
        long buffer = gpu.queue.commandBuffer();
        long encoder = CommandBuffer.computeEncoder(buffer, DispatchType.CONCURRENT);
        long usage = ResourceUsage.READ.value() | ResourceUsage.WRITE.value();
        ComputeCommandEncoder.useResource(encoder, x.id(), usage);
        ComputeCommandEncoder.useResources(encoder, IdArray.of(gpu.arena, List.of(x)), usage);
        ComputeCommandEncoder.useHeap(encoder, heap);
        ComputeCommandEncoder.execute(encoder, commands.id(), 0, 2);
        ComputeCommandEncoder.end(encoder);
        CommandBuffer.commit(buffer);
        CommandBuffer.waitUntilCompleted(buffer);
        assertThat(CommandBuffer.failure(buffer)).isEmpty();
      }
    }
    assertThat(Gpu.floats(x)[5]).isEqualTo(4 * 5);
  }

  /** Argument tables, barriers and timestamps of Metal 4; feedback through a block. */
  void metal4(SoftMetal metal) {
    ComputePipeline doubled = gpu.pipeline("doubled", true);
    ComputePipeline reversed = gpu.pipeline("reversed", false);
    CommandQueue4 queue = gpu.keep(CommandQueue4.create(gpu.device));
    CommandAllocator4 allocator = gpu.keep(CommandAllocator4.create(gpu.device));
    CommandBuffer4 commands = gpu.keep(CommandBuffer4.create(gpu.device));
    ArgumentTable4 table = gpu.keep(ArgumentTable4.create(gpu.device, 4));
    CounterHeap4 stamps = gpu.keep(CounterHeap4.create(gpu.device, 2));
    SharedEvent event = gpu.keep(SharedEvent.create(gpu.device));
    IndirectCommandBuffer indirect = gpu.keep(IndirectCommandBuffer.create(gpu.device, 1, 1, 0, 0));
    ResidencySet set = gpu.keep(ResidencySet.create(gpu.device, 2));
    set.add(x);
    set.add(y);
    set.add(indirect);
    set.commit();
    queue.addResidencySet(set);
    table.setAddress(x.gpuAddress(), 0);
    stamps.invalidate(0, 2);
    try (AutoreleasePool _ = new AutoreleasePool()) {
      long command = indirect.command(0);
      IndirectComputeCommand.setPipeline(command, doubled.id());
      IndirectComputeCommand.setBuffer(command, y.id(), 0, 0);
      IndirectComputeCommand.dispatch(command, gpu.sizes());
    }
    AtomicReference<Optional<MetalException>> failure = new AtomicReference<>();
    AtomicReference<Double> seconds = new AtomicReference<>();
    // The options release the block when they go, so they go first.
    try (Block block =
            new Block(feedback -> {
              failure.set(CommitFeedback4.failure(feedback));
              seconds.set(
                  CommitFeedback4.gpuEndTime(feedback) - CommitFeedback4.gpuStartTime(feedback));
            });
        CommitOptions4 options = CommitOptions4.reportingTo(block)) {
      allocator.reset();
      commands.begin(allocator);
      commands.useResidencySet(set);
      try (AutoreleasePool _ = new AutoreleasePool()) {
        encode4(commands.computeEncoder(), doubled, reversed, table, stamps, indirect);
      }
      commands.end();
      assertThat(allocator.allocatedSize()).isNotNegative();
      queue.await(event, 1);
      queue.commit(IdArray.of(gpu.arena, List.of(commands)), options);
      queue.signal(event, 2);
      event.setValue(1);
      assertThat(event.await(2, 10_000)).isTrue();
      metal.settle(); // the event does not wait for the feedback
      assertThat(block.failure()).isEmpty();
    }
    assertThat(failure.get()).isEmpty();
    assertThat(seconds.get()).isNotNegative();
    assertThat(stamps.timestamps(0, 2)).isSorted().doesNotContain(0);
    assertThat(Gpu.floats(x)[0]).isEqualTo(2 * (Gpu.COUNT - 1));
    assertThat(Gpu.floats(y)[5]).isEqualTo(2 * 5);

    allocator.reset();
    commands.begin(allocator);
    commands.end();
    queue.commit(IdArray.of(gpu.arena, List.of(commands)));
    queue.signal(event, 3);
    assertThat(event.await(3, 10_000)).isTrue();
    queue.removeResidencySet(set);
  }

  private void encode4(
      long encoder,
      ComputePipeline doubled,
      ComputePipeline reversed,
      ArgumentTable4 table,
      CounterHeap4 stamps,
      IndirectCommandBuffer indirect) {
    long dispatch = Stages.DISPATCH.value();
    ComputeEncoder4.pushDebugGroup(encoder, "double, then turn round");
    ComputeEncoder4.queueBarrier(encoder, dispatch, dispatch, Visibility4.DEVICE);
    ComputeEncoder4.writeTimestamp(encoder, TimestampGranularity4.PRECISE, stamps, 0);
    ComputeEncoder4.setArgumentTable(encoder, table.id());
    ComputeEncoder4.setPipeline(encoder, doubled.id());
    ComputeEncoder4.dispatch(encoder, gpu.sizes());
    ComputeEncoder4.barrier(encoder, dispatch, dispatch, Visibility4.DEVICE);
    ComputeEncoder4.setPipeline(encoder, reversed.id());
    ComputeEncoder4.setThreadgroupMemory(encoder, Gpu.COUNT * Float.BYTES, 0);
    ComputeEncoder4.dispatch(encoder, new DispatchSizes(gpu.arena, 1, 1, 1, Gpu.COUNT, 1, 1));
    ComputeEncoder4.execute(encoder, indirect.id(), 0, 1);
    ComputeEncoder4.writeTimestamp(encoder, TimestampGranularity4.PRECISE, stamps, 1);
    ComputeEncoder4.popDebugGroup(encoder);
    ComputeEncoder4.end(encoder);
  }
}
