package dev.diecast.tests.softmetal;

import dev.diecast.bindings.metal.ArgumentTable4;
import dev.diecast.bindings.metal.CommandBuffer4;
import dev.diecast.bindings.metal.CommandQueue4;
import dev.diecast.bindings.metal.ComputeEncoder4;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.metal.Stages;
import dev.diecast.bindings.metal.Visibility4;
import dev.diecast.bindings.objc.IdArray;
import java.util.List;

/** Queues, allocators, argument tables and barriers of Metal 4. */
final class Metal4Misuses {
  private Metal4Misuses() {}

  static List<Misuse> all() {
    return List.of(
        new Misuse(
            "metal4-unsupported",
            "a queue of Metal 4 on a GPU without it",
            (metal, gpu) -> {
              metal.set(Setting.METAL4, 0);
              gpu.keep(CommandQueue4.create(gpu.device));
            },
            (_, gpu) -> gpu.keep(CommandQueue4.create(gpu.device))),
        new Misuse(
            "unavailable-selector",
            "a queue of Metal 4 on macOS 15",
            (metal, gpu) -> {
              metal.set(Setting.OS_MAJOR, 15);
              Raw.send(gpu.device.id(), "newMTL4CommandQueue");
            },
            (_, gpu) -> gpu.keep(CommandQueue4.create(gpu.device))),
        new Misuse(
            "not-resident",
            "a buffer in an argument table is in no residency set",
            (_, gpu) -> dispatch(gpu, false),
            (_, gpu) -> dispatch(gpu, true)),
        new Misuse(
            "bad-address",
            "an address that no buffer has",
            (_, gpu) -> new Gpu4(gpu).table(gpu.counting()).setAddress(4096, 0),
            (_, gpu) -> new Gpu4(gpu).table(gpu.counting())),
        new Misuse(
            "slot-range",
            "a slot that the table has not",
            (_, gpu) -> setSlot(gpu, 4),
            (_, gpu) -> setSlot(gpu, 3)),
        new Misuse(
            "allocator-in-flight",
            "an allocator is reset while the GPU runs its commands",
            (_, gpu) -> resetAllocator(gpu, true),
            (_, gpu) -> resetAllocator(gpu, false)),
        new Misuse(
            "argument-table-in-flight",
            "an argument table changes while the GPU may read it",
            (_, gpu) -> changeTable(gpu, true),
            (_, gpu) -> changeTable(gpu, false)),
        new Misuse(
            "released-in-flight",
            "a buffer is freed while the GPU may use its address",
            (_, gpu) -> releaseBuffer(gpu, true),
            (_, gpu) -> releaseBuffer(gpu, false)),
        new Misuse(
            "allocator-in-use",
            "two command buffers are open on one allocator",
            (_, gpu) -> shareAllocator(gpu, false),
            (_, gpu) -> shareAllocator(gpu, true)),
        new Misuse(
            "begin-twice",
            "a command buffer is begun again before its end",
            (_, gpu) -> begin(gpu, false),
            (_, gpu) -> begin(gpu, true)),
        new Misuse(
            "end-with-open-encoder",
            "endCommandBuffer before endEncoding",
            (_, gpu) -> endOpen(gpu, false),
            (_, gpu) -> endOpen(gpu, true)),
        new Misuse(
            "commit-before-end",
            "a command buffer is committed before endCommandBuffer",
            (_, gpu) -> commit(gpu, false, 1),
            (_, gpu) -> commit(gpu, true, 1)),
        new Misuse(
            "commit-twice",
            "a command buffer is committed again without being begun again",
            (_, gpu) -> commit(gpu, true, 2),
            (_, gpu) -> commit(gpu, true, 1)),
        new Misuse(
            "command-buffer-not-begun",
            "an encoder is made before the command buffer is begun",
            (_, gpu) -> new Gpu4(gpu).commands.computeEncoder(),
            (_, gpu) -> commit(gpu, true, 1)),
        new Misuse(
            "barrier-scope",
            "a barrier that makes no writes visible",
            (_, gpu) -> barrier(gpu, Visibility4.NONE),
            (_, gpu) -> barrier(gpu, Visibility4.DEVICE)),
        new Misuse(
            "unordered-encoders",
            "two encoders write one buffer without a queue barrier",
            (_, gpu) -> twoEncoders(gpu, false),
            (_, gpu) -> twoEncoders(gpu, true)));
  }

  private static void dispatch(Gpu gpu, boolean resident) {
    Gpu4 gpu4 = new Gpu4(gpu);
    ComputePipeline pipeline = gpu.pipeline("doubled", false);
    MetalBuffer x = gpu.counting();
    ArgumentTable4 table = gpu4.table(x);
    if (resident) {
      gpu4.reside(x);
    }
    gpu4.run(encoder -> gpu4.dispatch(encoder, pipeline, table));
  }

  private static void setSlot(Gpu gpu, long slot) {
    MetalBuffer x = gpu.counting();
    new Gpu4(gpu).table(x).setAddress(x.gpuAddress(), slot);
  }

  private static void resetAllocator(Gpu gpu, boolean early) {
    SharedEvent gate = gpu.gate();
    Gpu4 gpu4 = new Gpu4(gpu);
    gpu4.queue.await(gate, 1);
    gpu4.commit(_ -> {});
    if (early) {
      gpu4.allocator.reset();
    }
    gate.setValue(1);
    gpu4.await();
    gpu4.allocator.reset();
  }

  private static void changeTable(Gpu gpu, boolean early) {
    SharedEvent gate = gpu.gate();
    Gpu4 gpu4 = new Gpu4(gpu);
    gpu4.queue.await(gate, 1);
    ComputePipeline pipeline = gpu.pipeline("doubled", false);
    MetalBuffer x = gpu.counting();
    gpu4.reside(x);
    ArgumentTable4 table = gpu4.table(x);
    gpu4.commit(encoder -> gpu4.dispatch(encoder, pipeline, table));
    if (early) {
      table.setAddress(x.gpuAddress() + 16, 0);
    }
    gate.setValue(1);
    gpu4.await();
    table.setAddress(x.gpuAddress() + 32, 0);
  }

  private static void releaseBuffer(Gpu gpu, boolean early) {
    SharedEvent gate = gpu.gate();
    Gpu4 gpu4 = new Gpu4(gpu);
    gpu4.queue.await(gate, 1);
    ComputePipeline pipeline = gpu.pipeline("doubled", false);
    MetalBuffer x = MetalBuffer.create(gpu.device, 256, 0);
    gpu4.reside(x);
    ArgumentTable4 table = gpu4.table(x);
    gpu4.commit(encoder -> gpu4.dispatch(encoder, pipeline, table));
    if (early) {
      gpu4.resident.removeAll();
      gpu4.resident.commit();
      x.close();
    }
    gate.setValue(1);
    gpu4.await();
    if (!early) {
      x.close();
    }
  }

  private static void shareAllocator(Gpu gpu, boolean endFirst) {
    Gpu4 gpu4 = new Gpu4(gpu);
    CommandBuffer4 other = gpu.keep(CommandBuffer4.create(gpu.device));
    gpu4.commands.begin(gpu4.allocator);
    if (endFirst) {
      gpu4.commands.end();
    }
    other.begin(gpu4.allocator);
    if (endFirst) {
      other.end();
    }
  }

  private static void begin(Gpu gpu, boolean endFirst) {
    Gpu4 gpu4 = new Gpu4(gpu);
    gpu4.commands.begin(gpu4.allocator);
    if (endFirst) {
      gpu4.commands.end();
    }
    gpu4.commands.begin(gpu4.allocator);
    gpu4.commands.end();
  }

  private static void endOpen(Gpu gpu, boolean end) {
    Gpu4 gpu4 = new Gpu4(gpu);
    gpu4.commands.begin(gpu4.allocator);
    long encoder = gpu4.commands.computeEncoder();
    if (end) {
      ComputeEncoder4.end(encoder);
    }
    gpu4.commands.end();
    if (!end) {
      ComputeEncoder4.end(encoder);
    }
  }

  private static void commit(Gpu gpu, boolean end, int times) {
    Gpu4 gpu4 = new Gpu4(gpu);
    gpu4.commands.begin(gpu4.allocator);
    if (end) {
      gpu4.commands.end();
    }
    for (int i = 0; i < times; i++) {
      gpu4.queue.commit(IdArray.of(gpu.arena, gpu4.commands.id()));
    }
  }

  private static void barrier(Gpu gpu, Visibility4 visibility) {
    new Gpu4(gpu)
        .run(encoder ->
            ComputeEncoder4.barrier(
                encoder, Stages.DISPATCH.value(), Stages.DISPATCH.value(), visibility));
  }

  private static void twoEncoders(Gpu gpu, boolean ordered) {
    Gpu4 gpu4 = new Gpu4(gpu);
    ComputePipeline pipeline = gpu.pipeline("doubled", false);
    MetalBuffer x = gpu.counting();
    gpu4.reside(x);
    ArgumentTable4 table = gpu4.table(x);
    CommandBuffer4 other = gpu.keep(CommandBuffer4.create(gpu.device));
    gpu4.encode(encoder -> gpu4.dispatch(encoder, pipeline, table));
    other.begin(gpu4.allocator);
    long encoder = other.computeEncoder();
    if (ordered) {
      ComputeEncoder4.queueBarrier(
          encoder, Stages.DISPATCH.value(), Stages.DISPATCH.value(), Visibility4.DEVICE);
    }
    gpu4.dispatch(encoder, pipeline, table);
    ComputeEncoder4.end(encoder);
    other.end();
    gpu4.queue.commit(IdArray.of(gpu.arena, gpu4.commands.id(), other.id()));
  }
}
