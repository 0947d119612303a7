package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.plans.Plan;
import dev.diecast.replay.MetalOptions;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A plan's memory and kernels on a GPU, whichever encoder uses them.
 *
 * @param device the GPU
 * @param plan what was loaded
 * @param parts the mapped parts of its model
 * @param memory its buffers
 * @param pipelines its kernels
 * @param programs its dispatches, resolved
 * @param notes what loading found
 */
record LoadedPlan(
    MetalDevice device,
    Plan plan,
    List<MemorySegment> parts,
    GpuMemory memory,
    Pipelines pipelines,
    List<List<Command>> programs,
    List<String> notes)
    implements AutoCloseable {

  static LoadedPlan of(
      MetalDevice device, Plan plan, List<MemorySegment> parts, MetalOptions options) {
    Resources resources = new Resources();
    try {
      GpuMemory memory = GpuMemory.of(device, plan, parts);
      resources.own(memory::close);
      boolean indirect = EncoderChoice.mayBeIndirect(options.encoder());
      Pipelines pipelines = Pipelines.of(device, plan.kernels(), indirect, options.archives());
      resources.own(pipelines::close);
      List<List<Command>> programs = Commands.of(plan, memory, pipelines);
      List<String> notes = new ArrayList<>();
      notes.add("metal, " + device.name() + ": " + memory.describe());
      notes.addAll(pipelines.notes());
      return new LoadedPlan(device, plan, List.copyOf(parts), memory, pipelines, programs, notes);
    } catch (Throwable t) {
      resources.close();
      throw t;
    }
  }

  @Override
  public void close() {
    try (memory) {
      pipelines.close();
    }
  }
}
