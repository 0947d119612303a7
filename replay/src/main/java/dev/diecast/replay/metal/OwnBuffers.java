package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.GpuFamily;
import dev.diecast.bindings.metal.HazardTrackingMode;
import dev.diecast.bindings.metal.HeapDescriptor;
import dev.diecast.bindings.metal.HeapType;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.MetalEnum;
import dev.diecast.bindings.metal.MetalHeap;
import dev.diecast.bindings.metal.ResourceOption;
import dev.diecast.bindings.metal.StorageMode;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.OwnedObject;
import dev.diecast.plans.PlanException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Zeroed buffers that the GPU and the host share: on Apple's GPUs placed in one heap, elsewhere,
 * where a heap cannot be shared, one allocation each. Metal tracks no hazards in them: the plan's
 * barriers and a fence between steps do.
 */
final class OwnBuffers implements AutoCloseable {
  static final long OPTIONS = MetalEnum.mask(ResourceOption.SHARED, ResourceOption.UNTRACKED);

  private final Resources resources = new Resources();
  // Ends what the host sees before the memory goes: a late look is then an exception, not a crash.
  private final Arena views = Arena.ofShared();
  private final List<MetalBuffer> buffers = new ArrayList<>();
  private final List<MemorySegment> contents = new ArrayList<>();
  private @Nullable MetalHeap heap;

  OwnBuffers(MetalDevice device, List<Long> sizes) {
    try {
      if (device.supports(GpuFamily.APPLE7)) {
        placeInHeap(device, sizes);
      } else {
        sizes.forEach(size -> add(MetalBuffer.create(device, needed(size), OPTIONS), size));
      }
    } catch (MetalException e) {
      close();
      throw new PlanException(
          "the GPU gives no memory for caches and activations, "
              + sizes.stream().mapToLong(Long::longValue).sum()
              + " bytes; compile the plan for a smaller context: "
              + e.getMessage(),
          e);
    } catch (Throwable t) {
      close();
      throw t;
    }
  }

  private void placeInHeap(MetalDevice device, List<Long> sizes) {
    List<Long> offsets = new ArrayList<>();
    long end = 0;
    for (long size : sizes) {
      MetalHeap.SizeAndAlign need = MetalHeap.sizeAndAlign(device, needed(size), OPTIONS);
      long offset = Math.multiplyExact(Math.ceilDivExact(end, need.align()), need.align());
      offsets.add(offset);
      end = Math.addExact(offset, need.size());
    }
    HeapDescriptor descriptor =
        new HeapDescriptor(
            end, StorageMode.SHARED, HazardTrackingMode.UNTRACKED, HeapType.PLACEMENT);
    MetalHeap made = MetalHeap.create(device, descriptor);
    resources.own(made::close);
    heap = made;
    for (int i = 0; i < sizes.size(); i++) {
      add(made.newBuffer(needed(sizes.get(i)), OPTIONS, offsets.get(i)), sizes.get(i));
    }
  }

  private void add(MetalBuffer buffer, long bytes) {
    resources.own(buffer::close);
    buffers.add(buffer);
    MemorySegment memory = buffer.contents().asSlice(0, bytes).reinterpret(views, null);
    memory.fill((byte) 0);
    contents.add(memory);
  }

  // A buffer of no bytes is refused by Metal.
  private static long needed(long bytes) {
    if (bytes < 0) {
      throw new PlanException("plan: a buffer has a size of " + bytes);
    }
    return Math.max(bytes, 1);
  }

  /** What the host sees of a buffer. */
  MemorySegment contents(int index) {
    return contents.get(index);
  }

  /** A place inside a buffer. */
  GpuMemory.Place place(int index, long offset) {
    MetalBuffer buffer = buffers.get(index);
    return new GpuMemory.Place(buffer.id(), offset, buffer.gpuAddress() + offset);
  }

  List<MetalBuffer> all() {
    return buffers;
  }

  /** What has to be resident: the heap, or each buffer. */
  List<? extends OwnedObject> allocations() {
    MetalHeap whole = heap;
    return whole == null ? buffers : List.of(whole);
  }

  String describe() {
    long bytes = contents.stream().mapToLong(MemorySegment::byteSize).sum();
    return "other buffers: %d, %d bytes%s"
        .formatted(buffers.size(), bytes, heap == null ? "" : " in a heap");
  }

  @Override
  public void close() {
    if (views.scope().isAlive()) {
      views.close();
    }
    resources.close();
  }
}
