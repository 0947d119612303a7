package dev.diecast.tests.softmetal;

import dev.diecast.bindings.metal.ArgumentTable4;
import dev.diecast.bindings.metal.CommandAllocator4;
import dev.diecast.bindings.metal.CommandBuffer4;
import dev.diecast.bindings.metal.CommandQueue4;
import dev.diecast.bindings.metal.CommitFeedback4;
import dev.diecast.bindings.metal.CommitOptions4;
import dev.diecast.bindings.metal.ComputeEncoder4;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.ResidencySet;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.metal.Stages;
import dev.diecast.bindings.metal.Visibility4;
import dev.diecast.bindings.objc.Block;
import dev.diecast.bindings.objc.IdArray;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.OwnedObject;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

/** The objects of Metal 4 on a device, for tests of the rules. */
final class Gpu4 {
  final Gpu gpu;
  final CommandQueue4 queue;
  final CommandAllocator4 allocator;
  final CommandBuffer4 commands;
  final SharedEvent done;
  final ResidencySet resident;
  private long committed;

  Gpu4(Gpu gpu) {
    this.gpu = gpu;
    this.queue = gpu.keep(CommandQueue4.create(gpu.device));
    this.allocator = gpu.keep(CommandAllocator4.create(gpu.device));
    this.commands = gpu.keep(CommandBuffer4.create(gpu.device));
    this.done = gpu.keep(SharedEvent.create(gpu.device));
    this.resident = gpu.keep(ResidencySet.create(gpu.device, 8));
    queue.addResidencySet(resident);
  }

  /** Makes it resident for all that the queue runs. */
  void reside(OwnedObject... allocations) {
    for (OwnedObject allocation : allocations) {
      resident.add(allocation);
    }
    resident.commit();
  }

  /** A table with a buffer in slot 0. */
  ArgumentTable4 table(MetalBuffer buffer) {
    ArgumentTable4 table = gpu.keep(ArgumentTable4.create(gpu.device, 4));
    table.setAddress(buffer.gpuAddress(), 0);
    return table;
  }

  void dispatch(long encoder, ComputePipeline pipeline, ArgumentTable4 table) {
    ComputeEncoder4.setPipeline(encoder, pipeline.id());
    ComputeEncoder4.setArgumentTable(encoder, table.id());
    ComputeEncoder4.dispatch(encoder, gpu.sizes());
  }

  static void barrier(long encoder) {
    ComputeEncoder4.barrier(
        encoder, Stages.DISPATCH.value(), Stages.DISPATCH.value(), Visibility4.DEVICE);
  }

  /** Encodes one encoder and commits it. */
  void commit(LongConsumer encoding) {
    encode(encoding);
    queue.commit(IdArray.of(gpu.arena, commands.id()));
    queue.signal(done, ++committed);
  }

  void encode(LongConsumer encoding) {
    commands.begin(allocator);
    long encoder = commands.computeEncoder();
    encoding.accept(encoder);
    ComputeEncoder4.end(encoder);
    commands.end();
  }

  boolean await() {
    return done.await(committed, 5_000);
  }

  /** Encodes, commits, waits and tells what failed. */
  Optional<MetalException> run(LongConsumer encoding) {
    AtomicReference<Optional<MetalException>> failure = new AtomicReference<>(Optional.empty());
    try (Block block = new Block(feedback -> failure.set(CommitFeedback4.failure(feedback)));
        CommitOptions4 options = CommitOptions4.reportingTo(block)) {
      encode(encoding);
      queue.commit(IdArray.of(gpu.arena, commands.id()), options);
      queue.signal(done, ++committed);
      await();
      return failure.get();
    }
  }
}
