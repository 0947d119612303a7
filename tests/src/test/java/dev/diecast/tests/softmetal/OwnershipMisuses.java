package dev.diecast.tests.softmetal;

import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Block;
import dev.diecast.bindings.objc.ObjcRuntime;
import java.util.List;

/** Who holds an object, and for how long. */
final class OwnershipMisuses {
  private OwnershipMisuses() {}

  static List<Misuse> all() {
    return List.of(
        new Misuse(
            "over-release",
            "a lent object is released",
            (_, _) -> ObjcRuntime.release(Raw.string("lent")),
            (_, _) -> ObjcRuntime.release(ObjcRuntime.retain(Raw.string("lent")))),
        new Misuse(
            "over-release",
            "an object that a command buffer still holds is released twice",
            (_, gpu) -> releaseWhileHeld(gpu, 2),
            (_, gpu) -> releaseWhileHeld(gpu, 1)),
        new Misuse(
            "use-after-free",
            "a message to an object after its last release",
            (_, gpu) -> lengthOfBuffer(gpu, true),
            (_, gpu) -> lengthOfBuffer(gpu, false)),
        new Misuse(
            "use-after-free",
            "a lent object is used after its pool",
            (_, _) -> stringAfterPool(true),
            (_, _) -> stringAfterPool(false)),
        new Misuse(
            "use-after-free",
            "a freed buffer is bound",
            (_, gpu) -> bindFreed(gpu, true),
            (_, gpu) -> bindFreed(gpu, false)),
        new Misuse(
            "no-autorelease-pool",
            "a lent object on a thread without a pool",
            (_, _) -> onOtherThread(false),
            (_, _) -> onOtherThread(true)),
        new Misuse(
            "pool-order",
            "an outer pool is popped, then the inner one",
            (_, _) -> popPools(true),
            (_, _) -> popPools(false)),
        new Misuse(
            "released-in-flight",
            "a buffer is freed while an unretained command buffer waits to use it",
            (_, gpu) -> releaseUnretained(gpu, true),
            (_, gpu) -> releaseUnretained(gpu, false)),
        new Misuse(
            "released-before-commit",
            "a buffer is freed between its encoding and the commit",
            (_, gpu) -> releaseBeforeCommit(gpu, true),
            (_, gpu) -> releaseBeforeCommit(gpu, false)),
        new Misuse(
            "block-freed",
            "a handler is freed before it is called",
            (_, gpu) -> freeHandler(gpu, true),
            (_, gpu) -> freeHandler(gpu, false)),
        new Misuse(
            "unknown-selector",
            "a message that no class of Metal answers",
            (_, gpu) -> Raw.send(gpu.device.id(), "makeCoffee"),
            (_, gpu) -> Raw.send(gpu.device.id(), "maxBufferLength")),
        new Misuse(
            "not-an-object",
            "a message to memory that is no object",
            (_, gpu) -> Raw.send(gpu.arena.allocate(64).address(), "length"),
            (_, _) -> Raw.send(Raw.string("text"), "length")),
        new Misuse(
            "wrong-class",
            "a buffer where a pipeline belongs",
            (_, gpu) -> setPipeline(gpu, gpu.counting().id()),
            (_, gpu) -> setPipeline(gpu, gpu.pipeline("doubled", false).id())),
        new Misuse(
            "nil-argument",
            "no pipeline where one belongs",
            (_, gpu) -> setPipeline(gpu, 0),
            (_, gpu) -> setPipeline(gpu, gpu.pipeline("doubled", false).id())));
  }

  private static void releaseWhileHeld(Gpu gpu, int times) {
    SharedEvent gate = gpu.gate();
    ComputePipeline pipeline = gpu.pipeline("doubled", false);
    long buffer = Raw.send(gpu.device.id(), "newBufferWithLength:options:", 256, 0);
    long commands = gpu.queue.commandBuffer();
    CommandBuffer.await(commands, gate, 1);
    gpu.encode(
        commands,
        DispatchType.SERIAL,
        encoder -> {
          Raw.send(encoder, "setComputePipelineState:", pipeline.id());
          Raw.send(encoder, "setBuffer:offset:atIndex:", buffer, 0, 0);
        });
    CommandBuffer.commit(commands);
    for (int i = 0; i < times; i++) {
      ObjcRuntime.release(buffer);
    }
    gate.setValue(1);
    CommandBuffer.waitUntilCompleted(commands);
  }

  private static void lengthOfBuffer(Gpu gpu, boolean late) {
    long buffer = Raw.send(gpu.device.id(), "newBufferWithLength:options:", 256, 0);
    if (late) {
      ObjcRuntime.release(buffer);
    }
    Raw.send(buffer, "length");
    if (!late) {
      ObjcRuntime.release(buffer);
    }
  }

  private static void stringAfterPool(boolean late) {
    long pool = AutoreleasePool.pushed();
    long text = Raw.string("text");
    if (late) {
      AutoreleasePool.pop(pool);
    }
    Raw.send(text, "length");
    if (!late) {
      AutoreleasePool.pop(pool);
    }
  }

  private static void bindFreed(Gpu gpu, boolean late) {
    long buffer = Raw.send(gpu.device.id(), "newBufferWithLength:options:", 256, 0);
    if (late) {
      ObjcRuntime.release(buffer);
    }
    gpu.run(
        DispatchType.SERIAL,
        encoder -> Raw.send(encoder, "setBuffer:offset:atIndex:", buffer, 0, 0));
    if (!late) {
      ObjcRuntime.release(buffer);
    }
  }

  private static void onOtherThread(boolean pool) {
    Thread thread =
        new Thread(() -> {
          if (pool) {
            try (AutoreleasePool _ = new AutoreleasePool()) {
              Raw.string("text");
            }
          } else {
            Raw.string("text");
          }
        });
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void popPools(boolean outerFirst) {
    long outer = AutoreleasePool.pushed();
    long inner = AutoreleasePool.pushed();
    AutoreleasePool.pop(outerFirst ? outer : inner);
    AutoreleasePool.pop(outerFirst ? inner : outer);
  }

  private static void releaseUnretained(Gpu gpu, boolean early) {
    SharedEvent gate = gpu.gate();
    ComputePipeline pipeline = gpu.pipeline("doubled", false);
    MetalBuffer x = MetalBuffer.create(gpu.device, 256, 0);
    long commands = gpu.queue.commandBufferWithUnretainedReferences();
    CommandBuffer.await(commands, gate, 1);
    gpu.encode(commands, DispatchType.SERIAL, encoder -> gpu.dispatch(encoder, pipeline, x));
    CommandBuffer.commit(commands);
    if (early) {
      x.close();
    }
    gate.setValue(1);
    CommandBuffer.waitUntilCompleted(commands);
    if (!early) {
      x.close();
    }
  }

  private static void releaseBeforeCommit(Gpu gpu, boolean early) {
    ComputePipeline pipeline = gpu.pipeline("doubled", false);
    MetalBuffer x = MetalBuffer.create(gpu.device, 256, 0);
    long commands = gpu.queue.commandBufferWithUnretainedReferences();
    gpu.encode(commands, DispatchType.SERIAL, encoder -> gpu.dispatch(encoder, pipeline, x));
    if (early) {
      x.close();
    }
    CommandBuffer.commit(commands);
    CommandBuffer.waitUntilCompleted(commands);
    if (!early) {
      x.close();
    }
  }

  private static void freeHandler(Gpu gpu, boolean early) {
    SharedEvent gate = gpu.gate();
    Block block = new Block(_ -> {});
    long commands = gpu.queue.commandBuffer();
    CommandBuffer.await(commands, gate, 1);
    CommandBuffer.addCompletedHandler(commands, block);
    CommandBuffer.commit(commands);
    if (early) {
      block.close();
    }
    gate.setValue(1);
    CommandBuffer.waitUntilCompleted(commands);
    if (!early) {
      block.close();
    }
  }

  private static void setPipeline(Gpu gpu, long pipeline) {
    gpu.run(
        DispatchType.SERIAL, encoder -> Raw.send(encoder, "setComputePipelineState:", pipeline));
  }
}
