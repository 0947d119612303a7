package dev.diecast.tests.softmetal;

import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.IndirectCommandBuffer;
import dev.diecast.bindings.metal.IndirectComputeCommand;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.ResidencySet;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.objc.DispatchSizes;
import java.util.List;

/** Indirect command buffers, and what must be resident for them. */
final class IndirectMisuses {
  private static final long FIVE_GIB = 5L << 30;
  private static final long M1 = 1007;

  private IndirectMisuses() {}

  static List<Misuse> all() {
    return List.of(
        new Misuse(
            "icb-pipeline-flag",
            "a pipeline without supportIndirectCommandBuffers",
            (_, gpu) -> execute(gpu, gpu.pipeline("doubled", false), true),
            (_, gpu) -> execute(gpu, gpu.pipeline("doubled", true), true)),
        new Misuse(
            "not-resident",
            "a buffer of an indirect command is not marked as used",
            (_, gpu) -> execute(gpu, gpu.pipeline("doubled", true), false),
            (_, gpu) -> execute(gpu, gpu.pipeline("doubled", true), true)),
        new Misuse(
            "usage-without-write",
            "a written buffer is marked as read",
            (_, gpu) -> executeWithUsage(gpu, 1),
            (_, gpu) -> executeWithUsage(gpu, 3)),
        new Misuse(
            "not-resident",
            "a residency set is not committed",
            (_, gpu) -> executeWithSet(gpu, false),
            (_, gpu) -> executeWithSet(gpu, true)),
        new Misuse(
            "released-before-commit",
            "a buffer of an indirect command is freed, and the command executed",
            (_, gpu) -> executeFreed(gpu, true),
            (_, gpu) -> executeFreed(gpu, false)),
        new Misuse(
            "residency-sets",
            "more residency sets than a queue takes",
            (_, gpu) -> addSets(gpu, 33),
            (_, gpu) -> addSets(gpu, 32)),
        new Misuse(
            "icb-pipeline-not-touched",
            "on an M1 the encoder does not set the pipeline of the commands",
            (metal, gpu) -> executeOnM1(metal, gpu, false),
            (metal, gpu) -> executeOnM1(metal, gpu, true)),
        new Misuse(
            "icb-in-flight",
            "a command changes while it is being executed",
            (_, gpu) -> changeInFlight(gpu, true),
            (_, gpu) -> changeInFlight(gpu, false)),
        new Misuse(
            "icb-range",
            "more commands are executed than there are",
            (_, gpu) -> executeRange(gpu, 2),
            (_, gpu) -> executeRange(gpu, 1)),
        new Misuse(
            "icb-range",
            "a command beyond the end",
            (_, gpu) -> gpu.indirect(2).command(2),
            (_, gpu) -> gpu.indirect(2).command(1)),
        new Misuse(
            "icb-descriptor",
            "more slots than Metal has",
            (_, gpu) -> gpu.keep(IndirectCommandBuffer.create(gpu.device, 1, 32, 0, 0)),
            (_, gpu) -> gpu.keep(IndirectCommandBuffer.create(gpu.device, 1, 31, 0, 0))),
        new Misuse(
            "icb-command-type",
            "a kind of dispatch that the buffer was not made for",
            (_, gpu) -> dispatch(gpu, true),
            (_, gpu) -> dispatch(gpu, false)),
        new Misuse(
            "icb-offset",
            "an offset above 4 GiB",
            (_, gpu) -> bindAt(gpu, 1L << 32),
            (_, gpu) -> bindAt(gpu, (1L << 32) - 256)),
        new Misuse(
            "slot-range",
            "a slot that the descriptor did not ask for",
            (_, gpu) -> bindSlot(gpu, 4),
            (_, gpu) -> bindSlot(gpu, 3)),
        new Misuse(
            "icb-no-pipeline",
            "a dispatch before its pipeline",
            (_, gpu) -> IndirectComputeCommand.dispatch(gpu.indirect(1).command(0), gpu.sizes()),
            (_, gpu) -> dispatch(gpu, false)),
        new Misuse(
            "unordered-encoders",
            "indirect commands of two encoders write one buffer that only a residency set names",
            (_, gpu) -> executeTwice(gpu, false),
            (_, gpu) -> executeTwice(gpu, true)));
  }

  private static void execute(Gpu gpu, ComputePipeline pipeline, boolean used) {
    MetalBuffer x = gpu.counting();
    IndirectCommandBuffer commands = gpu.indirect(1);
    gpu.command(commands, 0, pipeline, x, false);
    if (used) {
      gpu.execute(commands, x);
    } else {
      gpu.execute(commands);
    }
  }

  private static void executeWithUsage(Gpu gpu, long usage) {
    ComputePipeline pipeline = gpu.pipeline("doubled", true);
    MetalBuffer x = gpu.counting();
    IndirectCommandBuffer commands = gpu.indirect(1);
    gpu.command(commands, 0, pipeline, x, false);
    gpu.run(
        DispatchType.CONCURRENT,
        encoder -> {
          ComputeCommandEncoder.useResource(encoder, x.id(), usage);
          ComputeCommandEncoder.execute(encoder, commands.id(), 0, 1);
        });
  }

  private static void executeWithSet(Gpu gpu, boolean commit) {
    ComputePipeline pipeline = gpu.pipeline("doubled", true);
    MetalBuffer x = gpu.counting();
    ResidencySet set = gpu.keep(ResidencySet.create(gpu.device, 1));
    set.add(x);
    if (commit) {
      set.commit();
    }
    gpu.queue.addResidencySet(set);
    IndirectCommandBuffer commands = gpu.indirect(1);
    gpu.command(commands, 0, pipeline, x, false);
    gpu.execute(commands);
  }

  private static void executeFreed(Gpu gpu, boolean early) {
    ComputePipeline pipeline = gpu.pipeline("doubled", true);
    MetalBuffer x = MetalBuffer.create(gpu.device, 256, 0);
    IndirectCommandBuffer commands = gpu.indirect(1);
    gpu.command(commands, 0, pipeline, x, false);
    if (early) {
      x.close();
      gpu.execute(commands);
    } else {
      gpu.execute(commands, x);
      x.close();
    }
  }

  private static void addSets(Gpu gpu, int count) {
    for (int i = 0; i < count; i++) {
      gpu.queue.addResidencySet(gpu.keep(ResidencySet.create(gpu.device, 1)));
    }
  }

  private static void executeOnM1(SoftMetal metal, Gpu gpu, boolean touch) {
    metal.set(Setting.FAMILY, M1);
    ComputePipeline pipeline = gpu.pipeline("doubled", true);
    MetalBuffer x = gpu.counting();
    IndirectCommandBuffer commands = gpu.indirect(1);
    gpu.command(commands, 0, pipeline, x, false);
    gpu.run(
        DispatchType.CONCURRENT,
        encoder -> {
          ComputeCommandEncoder.useResource(encoder, x.id(), 3);
          if (touch) {
            ComputeCommandEncoder.setPipeline(encoder, pipeline.id());
            ComputeCommandEncoder.dispatch(encoder, new DispatchSizes(gpu.arena, 0, 0, 0, 0, 0, 0));
          }
          ComputeCommandEncoder.execute(encoder, commands.id(), 0, 1);
        });
  }

  private static void changeInFlight(Gpu gpu, boolean early) {
    SharedEvent gate = gpu.gate();
    ComputePipeline pipeline = gpu.pipeline("doubled", true);
    MetalBuffer x = gpu.counting();
    IndirectCommandBuffer commands = gpu.indirect(1);
    gpu.command(commands, 0, pipeline, x, false);
    long buffer = gpu.queue.commandBuffer();
    CommandBuffer.await(buffer, gate, 1);
    gpu.encode(
        buffer,
        DispatchType.CONCURRENT,
        encoder -> {
          ComputeCommandEncoder.useResource(encoder, x.id(), 3);
          ComputeCommandEncoder.execute(encoder, commands.id(), 0, 1);
        });
    CommandBuffer.commit(buffer);
    if (early) {
      IndirectComputeCommand.setBuffer(commands.command(0), x.id(), 4, 0);
    }
    gate.setValue(1);
    CommandBuffer.waitUntilCompleted(buffer);
    if (!early) {
      IndirectComputeCommand.setBuffer(commands.command(0), x.id(), 4, 0);
    }
  }

  private static void executeRange(Gpu gpu, long count) {
    ComputePipeline pipeline = gpu.pipeline("doubled", true);
    MetalBuffer x = gpu.counting();
    IndirectCommandBuffer commands = gpu.indirect(1);
    gpu.command(commands, 0, pipeline, x, false);
    gpu.run(
        DispatchType.CONCURRENT,
        encoder -> {
          ComputeCommandEncoder.useResource(encoder, x.id(), 3);
          ComputeCommandEncoder.execute(encoder, commands.id(), 0, count);
        });
  }

  /** The wrappers only make buffers for threadgroups, and this wants threads. */
  private static void dispatch(Gpu gpu, boolean threads) {
    ComputePipeline pipeline = gpu.pipeline("doubled", true);
    long command = gpu.indirect(1).command(0);
    IndirectComputeCommand.setPipeline(command, pipeline.id());
    if (threads) {
      Raw.sendSizes(command, "concurrentDispatchThreads:threadsPerThreadgroup:", 64, 32);
    } else {
      Raw.sendSizes(command, "concurrentDispatchThreadgroups:threadsPerThreadgroup:", 2, 32);
    }
  }

  /** The memory of the buffer is never touched, so it costs nothing. */
  private static void bindAt(Gpu gpu, long offset) {
    MetalBuffer huge = gpu.keep(MetalBuffer.create(gpu.device, FIVE_GIB, 0));
    IndirectComputeCommand.setBuffer(gpu.indirect(1).command(0), huge.id(), offset, 0);
  }

  private static void bindSlot(Gpu gpu, long index) {
    IndirectComputeCommand.setBuffer(gpu.indirect(1).command(0), gpu.counting().id(), 0, index);
  }

  private static void executeTwice(Gpu gpu, boolean name) {
    ComputePipeline pipeline = gpu.pipeline("doubled", true);
    MetalBuffer x = gpu.counting();
    ResidencySet set = gpu.keep(ResidencySet.create(gpu.device, 1));
    set.add(x);
    set.commit();
    gpu.queue.addResidencySet(set);
    IndirectCommandBuffer commands = gpu.indirect(1);
    gpu.command(commands, 0, pipeline, x, false);
    long buffer = gpu.queue.commandBuffer();
    for (int i = 0; i < 2; i++) {
      gpu.encode(
          buffer,
          DispatchType.CONCURRENT,
          encoder -> {
            if (name) {
              ComputeCommandEncoder.useResource(encoder, x.id(), 3);
            }
            ComputeCommandEncoder.execute(encoder, commands.id(), 0, 1);
          });
    }
    CommandBuffer.commit(buffer);
    CommandBuffer.waitUntilCompleted(buffer);
  }
}
