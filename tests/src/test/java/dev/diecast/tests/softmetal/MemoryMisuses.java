package dev.diecast.tests.softmetal;

import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.HazardTrackingMode;
import dev.diecast.bindings.metal.HeapDescriptor;
import dev.diecast.bindings.metal.HeapType;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.MetalHeap;
import dev.diecast.bindings.metal.ResourceOption;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.metal.StorageMode;
import dev.diecast.bindings.posix.PageSize;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Buffers, the memory under them, and heaps. */
final class MemoryMisuses {
  private static final String NO_COPY = "newBufferWithBytesNoCopy:length:options:deallocator:";
  private static final long PAGE = PageSize.bytes();

  private MemoryMisuses() {}

  static List<Misuse> all() {
    return List.of(
        new Misuse(
            "no-copy-alignment",
            "memory that begins within a page",
            (_, gpu) -> noCopy(gpu, 16, PAGE),
            (_, gpu) -> noCopy(gpu, 0, PAGE)),
        new Misuse(
            "no-copy-alignment",
            "memory that ends within a page",
            (_, gpu) -> noCopy(gpu, 0, PAGE + 16),
            (_, gpu) -> noCopy(gpu, 0, 2 * PAGE)),
        new Misuse(
            "no-copy-unmapped",
            "memory that is not mapped",
            (_, gpu) -> Raw.send(gpu.device.id(), NO_COPY, unmapped(), PAGE, 0, 0),
            (_, gpu) -> noCopy(gpu, 0, PAGE)),
        new Misuse(
            "no-copy-storage",
            "memory of the processor as private",
            (_, gpu) -> Raw.send(gpu.device.id(), NO_COPY, pages(gpu.arena).address(), PAGE, 32, 0),
            (_, gpu) -> noCopy(gpu, 0, PAGE)),
        new Misuse(
            "unmapped-in-flight",
            "memory is unmapped before the GPU has used it",
            (_, gpu) -> unmapInFlight(gpu, true),
            (_, gpu) -> unmapInFlight(gpu, false)),
        new Misuse(
            "max-buffer-length",
            "a buffer above the device's limit",
            (metal, gpu) -> {
              metal.set(Setting.MAX_BUFFER_LENGTH, 4096);
              MetalBuffer.create(gpu.device, 4097, 0).close();
            },
            (metal, gpu) -> {
              metal.set(Setting.MAX_BUFFER_LENGTH, 4096);
              MetalBuffer.create(gpu.device, 4096, 0).close();
            }),
        new Misuse(
            "buffer-length",
            "a buffer of no bytes",
            (_, gpu) -> MetalBuffer.create(gpu.device, 0, 0).close(),
            (_, gpu) -> MetalBuffer.create(gpu.device, 1, 0).close()),
        new Misuse(
            "heap-type",
            "a place is named in a heap that finds places itself",
            (_, gpu) -> heap(gpu, HeapType.AUTOMATIC).newBuffer(256, SHARED, 0).close(),
            (_, gpu) -> heap(gpu, HeapType.PLACEMENT).newBuffer(256, SHARED, 0).close()),
        new Misuse(
            "heap-options",
            "a private buffer in a shared heap",
            (_, gpu) -> heap(gpu, HeapType.PLACEMENT).newBuffer(256, PRIVATE, 0).close(),
            (_, gpu) -> heap(gpu, HeapType.PLACEMENT).newBuffer(256, SHARED, 0).close()),
        new Misuse(
            "heap-range",
            "a place that is not aligned",
            (_, gpu) -> heap(gpu, HeapType.PLACEMENT).newBuffer(256, SHARED, 16).close(),
            (_, gpu) -> heap(gpu, HeapType.PLACEMENT).newBuffer(256, SHARED, 256).close()),
        new Misuse(
            "heap-range",
            "a place beyond the heap",
            (_, gpu) -> heap(gpu, HeapType.PLACEMENT).newBuffer(1024, SHARED, HEAP - 512).close(),
            (_, gpu) -> heap(gpu, HeapType.PLACEMENT).newBuffer(512, SHARED, HEAP - 512).close()),
        new Misuse(
            "heap-size",
            "a heap of no bytes",
            (_, gpu) -> emptyHeap(gpu, 0),
            (_, gpu) -> emptyHeap(gpu, 256)),
        new Misuse(
            "did-modify-range",
            "a shared buffer is told of changes",
            (_, gpu) -> Raw.send(gpu.counting().id(), "didModifyRange:", 0, 16),
            (_, gpu) -> Raw.send(gpu.counting().id(), "length")),
        new Misuse(
            "unordered-encoders",
            "two encoders write one untracked buffer, and nothing orders them",
            (_, gpu) -> twoEncoders(gpu, HazardTrackingMode.UNTRACKED),
            (_, gpu) -> twoEncoders(gpu, HazardTrackingMode.TRACKED)));
  }

  private static final long HEAP = 64 * 1024;
  private static final long SHARED = ResourceOption.SHARED.value();
  private static final long PRIVATE = ResourceOption.PRIVATE.value();

  private static MetalHeap heap(Gpu gpu, HeapType type) {
    return heap(gpu, type, HazardTrackingMode.DEFAULT);
  }

  private static MetalHeap heap(Gpu gpu, HeapType type, HazardTrackingMode hazards) {
    return gpu.keep(
        MetalHeap.create(gpu.device, new HeapDescriptor(HEAP, StorageMode.SHARED, hazards, type)));
  }

  private static void emptyHeap(Gpu gpu, long size) {
    gpu.keep(
        MetalHeap.create(
            gpu.device,
            new HeapDescriptor(
                size, StorageMode.SHARED, HazardTrackingMode.DEFAULT, HeapType.AUTOMATIC)));
  }

  private static MemorySegment pages(Arena arena) {
    return arena.allocate(4 * PAGE, PAGE);
  }

  private static void noCopy(Gpu gpu, long skip, long length) {
    long buffer =
        Raw.send(gpu.device.id(), NO_COPY, pages(gpu.arena).address() + skip, length, 0, 0);
    if (buffer != 0) {
      Raw.send(buffer, "release");
    }
  }

  private static long unmapped() {
    long at = map();
    Raw.call("munmap", at, PAGE);
    return at;
  }

  /** A private page of its own, read and write. */
  private static long map() {
    return Raw.call("mmap", 0L, PAGE, 3L, 0x22L, -1L, 0L);
  }

  private static void unmapInFlight(Gpu gpu, boolean early) {
    SharedEvent gate = gpu.gate();
    ComputePipeline pipeline = gpu.pipeline("doubled", false);
    long memory = map();
    MetalBuffer x =
        gpu.keep(
            MetalBuffer.noCopy(
                gpu.device, MemorySegment.ofAddress(memory).reinterpret(PAGE), SHARED));
    long commands = gpu.queue.commandBuffer();
    CommandBuffer.await(commands, gate, 1);
    gpu.encode(commands, DispatchType.SERIAL, encoder -> gpu.dispatch(encoder, pipeline, x));
    CommandBuffer.commit(commands);
    if (early) {
      Raw.call("munmap", memory, PAGE);
    }
    gate.setValue(1);
    CommandBuffer.waitUntilCompleted(commands);
    if (!early) {
      Raw.call("munmap", memory, PAGE);
    }
  }

  private static void twoEncoders(Gpu gpu, HazardTrackingMode hazards) {
    ComputePipeline pipeline = gpu.pipeline("doubled", false);
    MetalHeap heap = heap(gpu, HeapType.AUTOMATIC, hazards);
    long options = hazards == HazardTrackingMode.TRACKED ? ResourceOption.TRACKED.value() : SHARED;
    MetalBuffer x = gpu.keep(heap.newBuffer(256, options));
    long commands = gpu.queue.commandBuffer();
    for (int i = 0; i < 2; i++) {
      gpu.encode(commands, DispatchType.SERIAL, encoder -> gpu.dispatch(encoder, pipeline, x));
    }
    CommandBuffer.commit(commands);
    CommandBuffer.waitUntilCompleted(commands);
  }
}
