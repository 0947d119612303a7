package dev.diecast.replay.cpu.gemv;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.StepState;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/** One kernel call of a test: buffers with guard bytes around them, arguments, and a team. */
final class Dispatch implements Bindings {
  private static final byte GUARD = 0x5a;
  private static final int MARGIN = 256;

  private final String kernel;
  private final Arena arena;
  private final Map<String, MemorySegment> slots = new HashMap<>();
  private final Map<String, Number> args = new HashMap<>();
  private final Map<String, Long> constants = new HashMap<>();

  Dispatch(String kernel, Arena arena) {
    this.kernel = kernel;
    this.arena = arena;
    buffer("step", StepState.BYTES);
  }

  /** Binds a fresh zeroed buffer and returns its address. */
  long buffer(String slot, long bytes) {
    MemorySegment all = arena.allocate(bytes + 2 * MARGIN, 64);
    all.fill(GUARD);
    MemorySegment inner = all.asSlice(MARGIN, bytes);
    inner.fill((byte) 0);
    slots.put(slot, inner);
    return inner.address();
  }

  /** Binds memory that somebody else owns. */
  void bind(String slot, MemorySegment memory) {
    slots.put(slot, memory);
  }

  /** Binds floats. */
  void floats(String slot, float[] values) {
    buffer(slot, 4L * values.length);
    write(slot, values);
  }

  /** Writes floats into a bound slot. */
  void write(String slot, float[] values) {
    long at = address(slot);
    for (int i = 0; i < values.length; i++) {
      Memory.f32(at + 4L * i, values[i]);
    }
  }

  /** Lets a slot share another slot's memory. */
  void alias(String slot, String other) {
    MemorySegment segment = slots.get(other);
    if (segment == null) {
      throw new IllegalArgumentException(other);
    }
    slots.put(slot, segment);
  }

  void unbind(String slot) {
    slots.remove(slot);
  }

  float[] floats(String slot) {
    MemorySegment segment = slots.get(slot);
    if (segment == null) {
      throw new IllegalArgumentException(slot);
    }
    float[] values = new float[(int) (segment.byteSize() / 4)];
    for (int i = 0; i < values.length; i++) {
      values[i] = Memory.f32(segment.address() + 4L * i);
    }
    return values;
  }

  Dispatch arg(String name, Number value) {
    args.put(name, value);
    return this;
  }

  void active(int tokens) {
    Memory.i32(address("step") + StepState.ACTIVE, tokens);
  }

  BoundKernel bind() {
    var table = GemvKernels.table();
    var found = table.get(kernel);
    if (found == null) {
      throw new IllegalArgumentException(kernel);
    }
    return found.bind(this);
  }

  /** Runs with that many workers, one after another, claims dealt in turn. */
  void run(BoundKernel bound, int workers, long grain) {
    long bytes = bound.scratchBytes();
    Worker[] team = new Worker[workers];
    MemorySegment[] margins = new MemorySegment[workers];
    for (int i = 0; i < workers; i++) {
      MemorySegment scratch = arena.allocate(bytes + MARGIN, 64);
      scratch.fill(GUARD);
      margins[i] = scratch.asSlice(bytes, MARGIN);
      team[i] = new Worker(i, scratch.address());
      bound.begin(team[i]);
    }
    long items = bound.items();
    int turn = 0;
    for (long from = 0; from < items; from += grain) {
      bound.run(from, Math.min(items, from + grain), team[turn++ % workers]);
    }
    for (MemorySegment margin : margins) {
      checkGuard("scratch", margin);
    }
  }

  /** Fails when anything was written around a buffer. */
  void checkGuards() {
    slots.forEach((slot, segment) -> {
      checkGuard(slot, Memory.ALL.asSlice(segment.address() - MARGIN, MARGIN));
      checkGuard(slot, Memory.ALL.asSlice(segment.address() + segment.byteSize(), MARGIN));
    });
  }

  private static void checkGuard(String what, MemorySegment margin) {
    for (long i = 0; i < MARGIN; i++) {
      if (margin.get(ValueLayout.JAVA_BYTE, i) != GUARD) {
        throw new AssertionError("wrote " + i + " bytes beside " + what);
      }
    }
  }

  String describe() {
    return kernel + " " + args + " active " + Memory.i32(address("step") + StepState.ACTIVE);
  }

  Dispatch constant(String name, long value) {
    constants.put(name, value);
    return this;
  }

  @Override
  public long constant(String name) {
    Long value = constants.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no constant " + name);
    }
    return value;
  }

  @Override
  public long address(String slot) {
    MemorySegment segment = slots.get(slot);
    return segment == null ? 0 : segment.address();
  }

  @Override
  public long bytes(String slot) {
    MemorySegment segment = slots.get(slot);
    return segment == null ? 0 : segment.byteSize();
  }

  @Override
  public ArgReader args() {
    var struct = KernelCatalog.get(kernel).args();
    return struct.reader(struct.pack(args));
  }

  @Override
  public void require(String slot, long bytes) {
    if (bytes(slot) < bytes) {
      throw new PlanException(kernel + ": slot " + slot + " needs " + bytes + " bytes");
    }
  }
}
