package dev.diecast.replay.cpu;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The memory behind a plan's buffers: weights are the mapped file itself, everything else is one
 * zeroed off-heap allocation each, 64-byte aligned.
 */
final class CpuMemory {
  private static final long ALIGNMENT = 64;

  private final MemorySegment[] segments;

  /**
   * Allocates the buffers.
   *
   * @param plan whose buffers
   * @param parts the mapped parts of the model, in order
   * @param arena owns the allocations
   */
  CpuMemory(Plan plan, List<MemorySegment> parts, Arena arena) {
    segments = new MemorySegment[plan.buffers().size()];
    for (int i = 0; i < segments.length; i++) {
      segments[i] = place(plan.buffers().get(i), parts, arena);
    }
  }

  /** The memory of a buffer, by its index in the plan. */
  MemorySegment segment(int buffer) {
    return segments[buffer];
  }

  private static MemorySegment place(PlanBuffer buffer, List<MemorySegment> parts, Arena arena) {
    return switch (buffer) {
      case PlanBuffer.Weights weights -> window(weights, parts);
      case PlanBuffer.Constants constants -> copy(constants, arena);
      case PlanBuffer.Kv kv -> zeroed(kv, arena);
      case PlanBuffer.Arena activations -> zeroed(activations, arena);
      case PlanBuffer.State state -> zeroed(state, arena);
      case PlanBuffer.Io io -> zeroed(io, arena);
      case PlanBuffer.Tickets tickets -> zeroed(tickets, arena);
    };
  }

  private static MemorySegment window(PlanBuffer.Weights weights, List<MemorySegment> parts) {
    if (weights.fileIndex() < 0 || weights.fileIndex() >= parts.size()) {
      throw new PlanException(
          "buffer '"
              + weights.name()
              + "' lies in part "
              + weights.fileIndex()
              + " of the model, which has "
              + parts.size());
    }
    MemorySegment part = parts.get(weights.fileIndex());
    long offset = weights.fileOffset();
    if (offset < 0 || weights.bytes() < 0 || offset > part.byteSize() - weights.bytes()) {
      throw new PlanException(
          "buffer '"
              + weights.name()
              + "' (offset "
              + offset
              + ", "
              + weights.bytes()
              + " bytes) lies outside the model's file of "
              + part.byteSize()
              + " bytes");
    }
    return part.asSlice(offset, weights.bytes());
  }

  private static MemorySegment copy(PlanBuffer.Constants constants, Arena arena) {
    MemorySegment segment = zeroed(constants, arena);
    MemorySegment.copy(
        constants.contents(), 0, segment, ValueLayout.JAVA_BYTE, 0, constants.contents().length);
    return segment;
  }

  private static MemorySegment zeroed(PlanBuffer buffer, Arena arena) {
    if (buffer.bytes() < 0) {
      throw new PlanException("buffer '" + buffer.name() + "' has a size of " + buffer.bytes());
    }
    try {
      return arena.allocate(buffer.bytes(), ALIGNMENT);
    } catch (OutOfMemoryError e) {
      throw new PlanException(
          "not enough memory for buffer '"
              + buffer.name()
              + "' of "
              + buffer.bytes()
              + " bytes; compile the plan for a smaller context",
          e);
    }
  }
}
