package dev.diecast.tests.softmetal;

import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.DataType;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.FunctionConstants;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.objc.DispatchSizes;
import java.util.List;

/** What a dispatch is given: slots, offsets, sizes, constants. */
final class BindingMisuses {
  private BindingMisuses() {}

  static List<Misuse> all() {
    return List.of(
        new Misuse(
            "slot-range", "slot 31", (_, gpu) -> bind(gpu, 0, 31), (_, gpu) -> bind(gpu, 0, 30)),
        new Misuse(
            "offset-range",
            "an offset at the buffer's end",
            (_, gpu) -> bind(gpu, Gpu.COUNT * Float.BYTES, 0),
            (_, gpu) -> bind(gpu, Gpu.COUNT * Float.BYTES - 4, 0)),
        new Misuse(
            "unbound-slot",
            "a slot that the kernel uses is left empty",
            (_, gpu) -> add(gpu, false, 0),
            (_, gpu) -> add(gpu, true, 0)),
        new Misuse(
            "binding-too-short",
            "8 bytes for a struct of 16",
            (_, gpu) -> add(gpu, true, 8),
            (_, gpu) -> add(gpu, true, 0)),
        new Misuse(
            "kernel-out-of-bounds",
            "a kernel writes beyond the buffer's end",
            (metal, gpu) -> grid(metal, gpu, Gpu.COUNT / 32 + 1),
            (metal, gpu) -> grid(metal, gpu, Gpu.COUNT / 32)),
        new Misuse(
            "threadgroup-size",
            "a threadgroup of no threads",
            (_, gpu) -> threads(gpu, 0),
            (_, gpu) -> threads(gpu, 32)),
        new Misuse(
            "threadgroup-size",
            "more threads than the pipeline allows",
            (metal, gpu) -> {
              metal.set(Setting.MAX_THREADS, 32);
              threads(gpu, 64);
            },
            (metal, gpu) -> {
              metal.set(Setting.MAX_THREADS, 64);
              threads(gpu, 64);
            }),
        new Misuse(
            "threadgroup-memory",
            "33 KiB of threadgroup memory",
            (_, gpu) -> threadgroupMemory(gpu, 33 * 1024),
            (_, gpu) -> threadgroupMemory(gpu, 32 * 1024)),
        new Misuse(
            "threadgroup-memory",
            "a length that is no multiple of 16",
            (_, gpu) -> threadgroupMemory(gpu, 136),
            (_, gpu) -> threadgroupMemory(gpu, 144)),
        new Misuse(
            "unbound-slot",
            "no threadgroup memory for a kernel that needs it",
            (_, gpu) -> threadgroupMemory(gpu, 0),
            (_, gpu) -> threadgroupMemory(gpu, 128)),
        new Misuse(
            "set-bytes-length",
            "setBytes with more than 4 KiB",
            (_, gpu) -> setBytes(gpu, 4097),
            (_, gpu) -> setBytes(gpu, 4096)),
        new Misuse(
            "function-constant-type",
            "a uint is given as an int",
            (_, gpu) -> constant(gpu, "STEP", DataType.INT),
            (_, gpu) -> constant(gpu, "STEP", DataType.UINT)),
        new Misuse(
            "function-constant-unknown",
            "a constant that the kernel has not",
            (_, gpu) -> constant(gpu, "STRIDE", DataType.UINT),
            (_, gpu) -> constant(gpu, "STEP", DataType.UINT)));
  }

  private static void bind(Gpu gpu, long offset, long index) {
    MetalBuffer x = gpu.counting();
    gpu.run(
        DispatchType.SERIAL,
        encoder -> ComputeCommandEncoder.setBuffer(encoder, x.id(), offset, index));
  }

  private static void add(Gpu gpu, boolean whole, long offset) {
    ComputePipeline add = gpu.pipeline("add", false);
    MetalBuffer x = gpu.counting();
    MetalBuffer y = gpu.counting();
    MetalBuffer amount = gpu.amount(1);
    gpu.run(
        DispatchType.SERIAL,
        encoder -> {
          ComputeCommandEncoder.setPipeline(encoder, add.id());
          ComputeCommandEncoder.setBuffer(encoder, x.id(), 0, 0);
          ComputeCommandEncoder.setBuffer(encoder, y.id(), 0, 1);
          if (whole) {
            ComputeCommandEncoder.setBuffer(encoder, amount.id(), offset, 2);
          }
          ComputeCommandEncoder.dispatch(encoder, gpu.sizes());
        });
  }

  private static void grid(SoftMetal metal, Gpu gpu, long groups) {
    metal.checkKernels();
    dispatch(gpu, "doubled", new DispatchSizes(gpu.arena, groups, 1, 1, 32, 1, 1), 0);
  }

  private static void threads(Gpu gpu, long threads) {
    dispatch(gpu, "doubled", new DispatchSizes(gpu.arena, 1, 1, 1, threads, 1, 1), 0);
  }

  private static void threadgroupMemory(Gpu gpu, long bytes) {
    dispatch(gpu, "reversed", new DispatchSizes(gpu.arena, 1, 1, 1, 32, 1, 1), bytes);
  }

  private static void dispatch(Gpu gpu, String kernel, DispatchSizes sizes, long memory) {
    ComputePipeline pipeline = gpu.pipeline(kernel, false);
    MetalBuffer x = gpu.counting();
    gpu.run(
        DispatchType.SERIAL,
        encoder -> {
          ComputeCommandEncoder.setPipeline(encoder, pipeline.id());
          ComputeCommandEncoder.setBuffer(encoder, x.id(), 0, 0);
          if (memory > 0) {
            ComputeCommandEncoder.setThreadgroupMemory(encoder, memory, 0);
          }
          ComputeCommandEncoder.dispatch(encoder, sizes);
        });
  }

  private static void setBytes(Gpu gpu, long length) {
    long bytes = gpu.arena.allocate(8192).address();
    gpu.run(
        DispatchType.SERIAL,
        encoder -> Raw.send(encoder, "setBytes:length:atIndex:", bytes, length, 0));
  }

  private static void constant(Gpu gpu, String name, DataType type) {
    FunctionConstants constants = gpu.keep(FunctionConstants.create());
    constants.set(name, type, 3);
    gpu.stepped(constants);
  }
}
