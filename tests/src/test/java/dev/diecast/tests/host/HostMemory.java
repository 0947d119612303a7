package dev.diecast.tests.host;

import dev.diecast.plans.Dispatch.Binding;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.gguf.GgufFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The memory behind a plan's buffers: the mapped file, or a zeroed allocation each. */
final class HostMemory {
  private static final long ALIGNMENT = 64;

  private final Plan plan;
  private final List<MemorySegment> segments = new ArrayList<>();

  HostMemory(Plan plan, GgufFile model, Arena arena) {
    this.plan = plan;
    for (PlanBuffer buffer : plan.buffers()) {
      segments.add(place(buffer, model, arena));
    }
  }

  /** What a binding shows to the kernel: its range and no byte more. */
  MemorySegment bound(Binding binding) {
    return segments.get(binding.buffer()).asSlice(binding.offset(), binding.bytes());
  }

  /** The buffer of that name. */
  MemorySegment named(String name) {
    for (int i = 0; i < segments.size(); i++) {
      if (plan.buffers().get(i).name().equals(name)) {
        return segments.get(i);
      }
    }
    throw new IllegalArgumentException("the plan has no buffer '" + name + "'");
  }

  private static MemorySegment place(PlanBuffer buffer, GgufFile model, Arena arena) {
    return switch (buffer) {
      case PlanBuffer.Weights weights ->
          model.part(weights.fileIndex()).asSlice(weights.fileOffset(), weights.bytes());
      case PlanBuffer.Constants constants -> {
        MemorySegment copy = arena.allocate(constants.bytes(), ALIGNMENT);
        MemorySegment.copy(
            constants.contents(), 0, copy, ValueLayout.JAVA_BYTE, 0, constants.contents().length);
        yield copy;
      }
      default -> arena.allocate(Math.max(1, buffer.bytes()), ALIGNMENT);
    };
  }
}
