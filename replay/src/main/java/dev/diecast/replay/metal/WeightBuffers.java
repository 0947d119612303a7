package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.posix.PageSize;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Buffers over the mapped weights, without a copy; only windows that a binding needs are made. */
final class WeightBuffers implements AutoCloseable {
  private final MetalDevice device;
  private final List<MemorySegment> parts;
  private final WeightWindows windows;
  private final @Nullable MetalBuffer[] buffers;

  WeightBuffers(MetalDevice device, Plan plan, List<MemorySegment> parts) {
    this.device = device;
    this.parts = parts;
    long page = PageSize.bytes();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).address() % page != 0) {
        throw new PlanException("part " + i + " of the model does not begin at a page of memory");
      }
    }
    List<Long> sizes = parts.stream().map(MemorySegment::byteSize).toList();
    this.windows = new WeightWindows(sizes, page, device.maxBufferLength(), largestBinding(plan));
    this.buffers = new MetalBuffer[windows.windows().size()];
  }

  private static long largestBinding(Plan plan) {
    long largest = 0;
    for (Program program : plan.programs()) {
      for (Dispatch dispatch : program.dispatches()) {
        for (Dispatch.Binding binding : dispatch.bindings()) {
          if (plan.buffers().get(binding.buffer()) instanceof PlanBuffer.Weights) {
            largest = Math.max(largest, binding.bytes());
          }
        }
      }
    }
    return largest;
  }

  /** The place of a range of a part. */
  GpuMemory.Place place(int part, long offset, long bytes) {
    WeightWindows.Place place = windows.place(part, offset, bytes);
    MetalBuffer buffer = buffer(place.window());
    return new GpuMemory.Place(buffer.id(), place.offset(), buffer.gpuAddress() + place.offset());
  }

  private MetalBuffer buffer(int index) {
    MetalBuffer known = buffers[index];
    if (known == null) {
      WeightWindows.Window window = windows.windows().get(index);
      // The last page of a mapping is whole, though the file may end inside it.
      MemorySegment pages =
          MemorySegment.ofAddress(parts.get(window.part()).address() + window.start())
              .reinterpret(window.bytes());
      known = mapped(pages);
      buffers[index] = known;
    }
    return known;
  }

  private MetalBuffer mapped(MemorySegment pages) {
    try {
      return MetalBuffer.noCopy(device, pages, OwnBuffers.OPTIONS);
    } catch (MetalException e) {
      throw new PlanException(
          "the GPU cannot map "
              + pages.byteSize()
              + " bytes of the model's weights: "
              + e.getMessage(),
          e);
    }
  }

  List<MetalBuffer> all() {
    return made().toList();
  }

  String describe() {
    return "weight windows: " + made().count();
  }

  private Stream<MetalBuffer> made() {
    return Arrays.stream(buffers).filter(Objects::nonNull);
  }

  @Override
  public void close() {
    made().forEach(MetalBuffer::close);
  }
}
