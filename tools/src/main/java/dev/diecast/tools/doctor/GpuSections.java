package dev.diecast.tools.doctor;

import dev.diecast.replay.metal.MetalFacts;
import java.util.ArrayList;
import java.util.List;

/** What Metal says of its GPUs. */
final class GpuSections {
  private GpuSections() {}

  static List<Section> of(List<MetalFacts> gpus) {
    List<Section> sections = new ArrayList<>();
    sections.add(
        Section.named("metal")
            .with("available", true)
            .with("os_version", gpus.getFirst().system())
            .with("gpus", gpus.stream().map(MetalFacts::name).toList())
            .with("capture_to_file", System.getenv("METAL_CAPTURE_ENABLED") != null)
            .done());
    gpus.forEach(gpu -> sections.add(of(gpu)));
    return sections;
  }

  private static Section of(MetalFacts gpu) {
    return Section.named("gpu")
        .with("name", gpu.name())
        .with("architecture", gpu.architecture())
        .with("families", gpu.families())
        .with("unified_memory", gpu.unifiedMemory())
        .with("longest_buffer_bytes", gpu.maxBufferBytes())
        .with("working_set_bytes", gpu.workingSetBytes())
        .with("allocated_bytes", gpu.allocatedBytes())
        .with("threadgroup_memory_bytes", gpu.threadgroupBytes())
        .with("threads_per_threadgroup", gpu.maxThreads())
        .with("residency_sets", gpu.residencySets())
        .with("metal_4", gpu.metal4())
        .with("counters_at_encoders", gpu.encoderSampling())
        .with("low_power_mode", gpu.lowPowerMode())
        .done();
  }
}
