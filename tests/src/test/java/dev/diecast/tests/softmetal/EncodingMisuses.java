package dev.diecast.tests.softmetal;

import dev.diecast.bindings.metal.BarrierScope;
import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.objc.Block;
import java.util.ArrayList;
import java.util.List;

/** The life of command buffers and encoders. */
final class EncodingMisuses {
  private EncodingMisuses() {}

  static List<Misuse> all() {
    return List.of(
        new Misuse(
            "use-after-end",
            "a dispatch after endEncoding",
            (_, gpu) -> endThenDispatch(gpu, true),
            (_, gpu) -> endThenDispatch(gpu, false)),
        new Misuse(
            "two-encoders",
            "an encoder is made while one is open",
            (_, gpu) -> twoEncoders(gpu, false),
            (_, gpu) -> twoEncoders(gpu, true)),
        new Misuse(
            "commit-with-open-encoder",
            "no endEncoding before the commit",
            (_, gpu) -> commitOpen(gpu, false),
            (_, gpu) -> commitOpen(gpu, true)),
        new Misuse(
            "encoder-left-open",
            "a command buffer is given up with an open encoder",
            (_, gpu) -> leaveOpen(gpu, false),
            (_, gpu) -> leaveOpen(gpu, true)),
        new Misuse(
            "commit-twice",
            "a command buffer is committed again",
            (_, gpu) -> commits(gpu, 2),
            (_, gpu) -> commits(gpu, 1)),
        new Misuse(
            "use-after-commit",
            "a handler is added after the commit",
            (_, gpu) -> addHandler(gpu, true),
            (_, gpu) -> addHandler(gpu, false)),
        new Misuse(
            "use-after-commit",
            "an encoder is made after the commit",
            (_, gpu) -> encodeLate(gpu, true),
            (_, gpu) -> encodeLate(gpu, false)),
        new Misuse(
            "wait-before-commit",
            "waiting for what was never committed",
            (_, gpu) -> CommandBuffer.waitUntilCompleted(gpu.queue.commandBuffer()),
            (_, gpu) -> commits(gpu, 1)),
        new Misuse(
            "no-pipeline",
            "a dispatch before setComputePipelineState",
            (_, gpu) -> dispatch(gpu, false),
            (_, gpu) -> dispatch(gpu, true)),
        new Misuse(
            "barrier-scope",
            "a barrier for textures only",
            (_, gpu) -> barrier(gpu, 2),
            (_, gpu) -> barrier(gpu, BarrierScope.BUFFERS.value())),
        new Misuse(
            "too-many-command-buffers",
            "more open command buffers than the queue has",
            (_, gpu) -> openMany(gpu, 65),
            (_, gpu) -> openMany(gpu, 64)),
        new Misuse(
            "copy-range",
            "a buffer is filled beyond its end",
            (_, gpu) -> fill(gpu, Gpu.COUNT * Float.BYTES + 1),
            (_, gpu) -> fill(gpu, Gpu.COUNT * Float.BYTES)),
        new Misuse(
            "ragged-grid",
            "threads that do not fill their threadgroups, which this Metal cannot run",
            (_, gpu) -> dispatchThreads(gpu, Gpu.COUNT - 1),
            (_, gpu) -> dispatchThreads(gpu, Gpu.COUNT)),
        new Misuse(
            "counter-sampling-point",
            "counters are sampled between dispatches",
            (_, gpu) -> gpu.run(DispatchType.SERIAL, EncodingMisuses::sampleInside),
            (_, gpu) -> commits(gpu, 1)));
  }

  private static void endThenDispatch(Gpu gpu, boolean late) {
    ComputePipeline pipeline = gpu.pipeline("doubled", false);
    MetalBuffer x = gpu.counting();
    long commands = gpu.queue.commandBuffer();
    long encoder = CommandBuffer.computeEncoder(commands, DispatchType.SERIAL);
    if (late) {
      ComputeCommandEncoder.end(encoder);
    }
    gpu.dispatch(encoder, pipeline, x);
    if (!late) {
      ComputeCommandEncoder.end(encoder);
    }
    CommandBuffer.commit(commands);
  }

  private static void twoEncoders(Gpu gpu, boolean endFirst) {
    long commands = gpu.queue.commandBuffer();
    long first = CommandBuffer.computeEncoder(commands, DispatchType.SERIAL);
    if (endFirst) {
      ComputeCommandEncoder.end(first);
    }
    try {
      ComputeCommandEncoder.end(CommandBuffer.computeEncoder(commands, DispatchType.SERIAL));
    } finally {
      if (!endFirst) {
        ComputeCommandEncoder.end(first);
      }
    }
  }

  private static void commitOpen(Gpu gpu, boolean end) {
    long commands = gpu.queue.commandBuffer();
    long encoder = CommandBuffer.computeEncoder(commands, DispatchType.SERIAL);
    if (end) {
      ComputeCommandEncoder.end(encoder);
    }
    CommandBuffer.commit(commands);
  }

  private static void leaveOpen(Gpu gpu, boolean end) {
    long encoder = CommandBuffer.computeEncoder(gpu.queue.commandBuffer(), DispatchType.SERIAL);
    if (end) {
      ComputeCommandEncoder.end(encoder);
    }
  }

  private static void commits(Gpu gpu, int times) {
    long commands = gpu.queue.commandBuffer();
    for (int i = 0; i < times; i++) {
      CommandBuffer.commit(commands);
    }
    CommandBuffer.waitUntilCompleted(commands);
  }

  private static void addHandler(Gpu gpu, boolean late) {
    Block block = gpu.keep(new Block(_ -> {}));
    long commands = gpu.queue.commandBuffer();
    if (!late) {
      CommandBuffer.addCompletedHandler(commands, block);
    }
    CommandBuffer.commit(commands);
    if (late) {
      CommandBuffer.addCompletedHandler(commands, block);
    }
    CommandBuffer.waitUntilCompleted(commands);
  }

  private static void encodeLate(Gpu gpu, boolean late) {
    long commands = gpu.queue.commandBuffer();
    if (!late) {
      gpu.encode(commands, DispatchType.SERIAL, _ -> {});
    }
    CommandBuffer.commit(commands);
    if (late) {
      gpu.encode(commands, DispatchType.SERIAL, _ -> {});
    }
  }

  private static void dispatch(Gpu gpu, boolean set) {
    ComputePipeline pipeline = gpu.pipeline("doubled", false);
    MetalBuffer x = gpu.counting();
    gpu.run(
        DispatchType.SERIAL,
        encoder -> {
          if (set) {
            ComputeCommandEncoder.setPipeline(encoder, pipeline.id());
          }
          ComputeCommandEncoder.setBuffer(encoder, x.id(), 0, 0);
          ComputeCommandEncoder.dispatch(encoder, gpu.sizes());
        });
  }

  private static void barrier(Gpu gpu, long scope) {
    gpu.run(
        DispatchType.CONCURRENT, encoder -> Raw.send(encoder, "memoryBarrierWithScope:", scope));
  }

  private static void openMany(Gpu gpu, int count) {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(gpu.queue.commandBuffer());
    }
    all.forEach(CommandBuffer::commit);
  }

  private static void fill(Gpu gpu, long bytes) {
    MetalBuffer x = gpu.counting();
    long commands = gpu.queue.commandBuffer();
    long encoder = Raw.send(commands, "blitCommandEncoder");
    Raw.send(encoder, "fillBuffer:range:value:", x.id(), 0, bytes, 0);
    Raw.send(encoder, "endEncoding");
    CommandBuffer.commit(commands);
    CommandBuffer.waitUntilCompleted(commands);
  }

  private static void dispatchThreads(Gpu gpu, long threads) {
    ComputePipeline pipeline = gpu.pipeline("doubled", false);
    MetalBuffer x = gpu.counting();
    gpu.run(
        DispatchType.SERIAL,
        encoder -> {
          ComputeCommandEncoder.setPipeline(encoder, pipeline.id());
          ComputeCommandEncoder.setBuffer(encoder, x.id(), 0, 0);
          Raw.sendSizes(encoder, "dispatchThreads:threadsPerThreadgroup:", threads, 32);
        });
  }

  private static void sampleInside(long encoder) {
    Raw.send(encoder, "sampleCountersInBuffer:atSampleIndex:withBarrier:", 0, 0, 0);
  }
}
