package dev.diecast.tools.cases;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.diecast.plans.shapes.SynthBlocks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** The buffers of a case, filled and ready for a kernel. */
public final class CaseMemory {
  /** What fills room for results: NaN where they are floats, and no id or token. */
  private static final byte UNWRITTEN = -1;

  private static final long ALIGNMENT = 64;

  private final Map<String, MemorySegment> slots = new LinkedHashMap<>();

  /** Allocates and fills what the case binds. */
  public CaseMemory(KernelCase of, Arena arena) {
    of.slots()
        .forEach((slot, content) -> {
          if (!(content instanceof Content.Same)) {
            MemorySegment memory = arena.allocate(content.bytes(), ALIGNMENT);
            fill(content, memory, seed(of, slot));
            slots.put(slot, memory);
          }
        });
    of.slots()
        .forEach((slot, content) -> {
          if (content instanceof Content.Same same) {
            slots.put(slot, slot(same.slot()));
          }
        });
  }

  /** All bound slots; two may be the same memory. */
  public Map<String, MemorySegment> slots() {
    return Map.copyOf(slots);
  }

  /** The memory of a bound slot. */
  public MemorySegment slot(String slot) {
    MemorySegment memory = slots.get(slot);
    if (memory == null) {
      throw new IllegalArgumentException("slot '" + slot + "' is not bound");
    }
    return memory;
  }

  private static long seed(KernelCase of, String slot) {
    return of.toString().hashCode() * 31L + slot.hashCode();
  }

  private static void fill(Content content, MemorySegment to, long seed) {
    var random = new SplittableRandom(seed);
    switch (content) {
      case Content.Floats floats -> {
        for (long i = 0; i < floats.count(); i++) {
          double value = floats.mean() + floats.deviation() * random.nextGaussian();
          to.setAtIndex(JAVA_FLOAT, i, (float) value);
        }
      }
      case Content.Halves halves -> {
        for (long i = 0; i < halves.count(); i++) {
          float value = (float) (halves.deviation() * random.nextGaussian());
          to.setAtIndex(JAVA_SHORT, i, Float.floatToFloat16(value));
        }
      }
      case Content.GivenFloats given -> {
        for (int i = 0; i < given.values().size(); i++) {
          to.setAtIndex(JAVA_FLOAT, i, given.values().get(i));
        }
      }
      case Content.Doubles doubles -> {
        for (int i = 0; i < doubles.values().size(); i++) {
          to.setAtIndex(JAVA_DOUBLE, i, doubles.values().get(i));
        }
      }
      case Content.Ints ints -> {
        for (int i = 0; i < ints.values().size(); i++) {
          to.setAtIndex(JAVA_INT, i, ints.values().get(i));
        }
      }
      case Content.Blocks blocks ->
          new SynthBlocks(seed).fill(blocks.type(), blocks.deviation(), to);
      case Content.State state -> state.fields().forEach((offset, v) -> field(to, offset, v));
      case Content.Room room -> to.fill(UNWRITTEN);
      case Content.Zeros zeros -> to.fill((byte) 0);
      case Content.Same same -> throw new IllegalStateException("nothing of its own to fill");
    }
  }

  private static void field(MemorySegment state, long offset, Number value) {
    switch (value) {
      case Float f -> state.set(JAVA_FLOAT, offset, f);
      case Long l -> state.set(JAVA_LONG, offset, l);
      case Integer i -> state.set(JAVA_INT, offset, i);
      default -> throw new IllegalArgumentException("no field of a step is like " + value);
    }
  }
}
