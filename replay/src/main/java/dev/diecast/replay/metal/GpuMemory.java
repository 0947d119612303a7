package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.objc.OwnedObject;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.Program;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory behind a plan's buffers. Weights are the mapped file itself; what never changes lies
 * packed in one buffer, together with the arguments of all dispatches; everything else has a buffer
 * of its own, which the host sees too.
 */
final class GpuMemory implements AutoCloseable {
  /**
   * A place that a kernel can be given.
   *
   * @param buffer the MTLBuffer's id
   * @param offset bytes into it, below 4 GiB
   * @param address the same place as the GPU addresses it
   */
  record Place(long buffer, long offset, long address) {}

  private final Plan plan;
  private final List<MemorySegment> parts;
  private final WeightBuffers weights;
  private final OwnBuffers own;
  private final int[] ownIndex;
  private final long[] packedOffset;
  private final List<long[]> argsOffset;

  private GpuMemory(MetalDevice device, Plan plan, List<MemorySegment> parts, Resources resources) {
    this.plan = plan;
    this.parts = parts;
    ByteLayout packed = new ByteLayout();
    this.packedOffset = packConstants(plan, packed);
    this.argsOffset = packArguments(plan, packed);
    this.ownIndex = new int[plan.buffers().size()];
    List<Long> sizes = new ArrayList<>();
    sizes.add(packed.bytes());
    for (int i = 0; i < ownIndex.length; i++) {
      PlanBuffer buffer = plan.buffers().get(i);
      if (!(buffer instanceof PlanBuffer.Weights) && !(buffer instanceof PlanBuffer.Constants)) {
        ownIndex[i] = sizes.size();
        sizes.add(buffer.bytes());
      }
    }
    this.weights = new WeightBuffers(device, plan, parts);
    resources.own(weights::close);
    this.own = new OwnBuffers(device, sizes);
    resources.own(own::close);
    packed.write(own.contents(0));
  }

  /**
   * Takes the memory.
   *
   * @param parts the mapped parts of the model, which must stay mapped
   */
  static GpuMemory of(MetalDevice device, Plan plan, List<MemorySegment> parts) {
    Resources resources = new Resources();
    try {
      return new GpuMemory(device, plan, parts, resources);
    } catch (Throwable t) {
      resources.close();
      throw t;
    }
  }

  /** What the host sees of a buffer of the plan. */
  MemorySegment segment(int buffer) {
    return switch (plan.buffers().get(buffer)) {
      case PlanBuffer.Weights(var _, int file, long offset, long bytes) ->
          parts.get(file).asSlice(offset, bytes);
      case PlanBuffer.Constants constants ->
          own.contents(0).asSlice(packedOffset[buffer], constants.bytes()).asReadOnly();
      default -> own.contents(ownIndex[buffer]);
    };
  }

  /** Where a binding begins. */
  Place place(Dispatch.Binding binding) {
    int buffer = binding.buffer();
    return switch (plan.buffers().get(buffer)) {
      case PlanBuffer.Weights window ->
          weights.place(
              window.fileIndex(), window.fileOffset() + binding.offset(), binding.bytes());
      case PlanBuffer.Constants _ -> own.place(0, packedOffset[buffer] + binding.offset());
      default -> own.place(ownIndex[buffer], binding.offset());
    };
  }

  /** Where the arguments of a dispatch lie. */
  Place arguments(int program, int dispatch) {
    return own.place(0, argsOffset.get(program)[dispatch]);
  }

  /** The buffers that kernels only read. */
  List<MetalBuffer> readOnly() {
    return weights.all();
  }

  /** The buffers that kernels also write. */
  List<MetalBuffer> writable() {
    return own.all();
  }

  /** What has to be resident: buffers, and the heap instead of the buffers in it. */
  List<OwnedObject> allocations() {
    List<OwnedObject> all = new ArrayList<>(weights.all());
    all.addAll(own.allocations());
    return all;
  }

  /** For people: {@code weight windows: 2, other buffers: 8, 12345 bytes in a heap}. */
  String describe() {
    return weights.describe() + ", " + own.describe();
  }

  @Override
  public void close() {
    own.close();
    weights.close();
  }

  private static long[] packConstants(Plan plan, ByteLayout packed) {
    long[] offsets = new long[plan.buffers().size()];
    for (int i = 0; i < offsets.length; i++) {
      if (plan.buffers().get(i) instanceof PlanBuffer.Constants(var _, byte[] contents)) {
        offsets[i] = packed.add(contents);
      }
    }
    return offsets;
  }

  private static List<long[]> packArguments(Plan plan, ByteLayout packed) {
    List<long[]> offsets = new ArrayList<>();
    for (Program program : plan.programs()) {
      offsets.add(program.dispatches().stream().mapToLong(d -> packed.add(d.args())).toArray());
    }
    return offsets;
  }
}
