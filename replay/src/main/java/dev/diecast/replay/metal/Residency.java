package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.CommandQueue;
import dev.diecast.bindings.metal.CommandQueue4;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.MetalEnum;
import dev.diecast.bindings.metal.ResidencySet;
import dev.diecast.bindings.metal.ResourceUsage;
import dev.diecast.bindings.objc.IdArray;
import dev.diecast.bindings.objc.OwnedObject;
import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the memory of a plan where the GPU can reach it: a residency set on the queue where the OS
 * has such sets, else marks in each encoder that binds indirectly.
 */
final class Residency implements AutoCloseable {
  private static final int FEWEST_COMMAND_BUFFERS = 64; // Metal's own default

  private final Resources resources = new Resources();
  private final @Nullable ResidencySet set;
  private final boolean marking;
  private final IdArray read;
  private final IdArray written;

  /**
   * Makes the memory resident.
   *
   * @param more other objects that have to be
   * @param indirect whether encoders bind indirectly
   */
  Residency(
      MetalDevice device, GpuMemory memory, List<? extends OwnedObject> more, boolean indirect) {
    try {
      Arena arena = Arena.ofShared();
      resources.own(arena::close);
      set = device.supportsResidencySets() ? set(device, memory, more) : null;
      marking = set == null && indirect;
      read = IdArray.of(arena, memory.readOnly());
      written = IdArray.of(arena, memory.writable());
    } catch (Throwable t) {
      resources.close();
      throw t;
    }
  }

  private ResidencySet set(MetalDevice device, GpuMemory memory, List<? extends OwnedObject> more) {
    List<OwnedObject> all = memory.allocations();
    all.addAll(more);
    ResidencySet made = ResidencySet.create(device, all.size());
    resources.own(made::close);
    all.forEach(made::add);
    made.commit();
    made.requestResidency();
    resources.own(made::endResidency);
    return made;
  }

  /** A queue on which the memory is resident. */
  CommandQueue queue(MetalDevice device, int depth) {
    CommandQueue queue = CommandQueue.create(device, Math.max(FEWEST_COMMAND_BUFFERS, 2 * depth));
    if (set != null) {
      queue.addResidencySet(set);
    }
    return queue;
  }

  /** A Metal 4 queue on which the memory is resident. */
  CommandQueue4 queue4(MetalDevice device) {
    CommandQueue4 queue = CommandQueue4.create(device);
    if (set != null) {
      queue.addResidencySet(set);
    }
    return queue;
  }

  /** Marks the memory in an encoder, where there is no residency set and Metal cannot see it. */
  void mark(long encoder) {
    if (marking) {
      ComputeCommandEncoder.useResources(encoder, read, ResourceUsage.READ.value());
      ComputeCommandEncoder.useResources(
          encoder, written, MetalEnum.mask(ResourceUsage.READ, ResourceUsage.WRITE));
    }
  }

  String describe() {
    return set == null ? "resources marked in each encoder" : "a residency set on the queue";
  }

  @Override
  public void close() {
    resources.close();
  }
}
