package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.CommandAllocator4;
import dev.diecast.bindings.metal.CommandBuffer4;
import dev.diecast.bindings.metal.CommandQueue4;
import dev.diecast.bindings.metal.CommitOptions4;
import dev.diecast.bindings.metal.ComputeEncoder4;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.metal.Stages;
import dev.diecast.bindings.metal.Visibility4;
import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.IdArray;
import dev.diecast.bindings.objc.MetalException;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * Command buffers of Metal 4. A command buffer and an allocator are kept for each submission that
 * may be under way; a shared event says when one has ended, and feedback how. A barrier at its
 * begin makes each wait for the one in front of it.
 */
final class Metal4Path implements CommandPath {
  private static final long DISPATCH = Stages.DISPATCH.value();
  // The GPU's own watchdog ends what hangs within seconds; this is for when even that fails.
  private static final long PATIENCE_MILLIS = 300_000;
  private static final long SLICE_MILLIS = 500;
  // A report trails its event by microseconds, but its thread may have to wait for a busy machine.
  private static final long REPORT_MILLIS = 10_000;

  /** What one submission needs. */
  private record Slot(CommandAllocator4 allocator, CommandBuffer4 commands, IdArray alone) {}

  private final Resources resources = new Resources();
  private final MetalDevice device;
  private final ArgumentTables tables;
  private final Residency residency;
  private final Feedback feedback;
  private final CommitOptions4 options;
  private final SharedEvent event;
  private final Slot[] slots;
  private CommandQueue4 queue;
  private long submitted;
  private long awaited;

  private Metal4Path(LoadedPlan loaded, int depth) {
    this.device = loaded.device();
    this.slots = new Slot[depth];
    try {
      Arena arena = Arena.ofShared();
      resources.own(arena::close);
      tables = new ArgumentTables(device, loaded.programs());
      resources.own(tables::close);
      residency = new Residency(device, loaded.memory(), List.of(), true);
      resources.own(residency::close);
      feedback = Feedback.take();
      resources.own(() -> feedback.giveBack(submitted));
      options = CommitOptions4.reportingTo(feedback.block());
      resources.own(options::close);
      event = SharedEvent.create(device);
      resources.own(event::close);
      for (int i = 0; i < depth; i++) {
        slots[i] = slot(arena);
      }
      queue = residency.queue4(device);
      resources.own(this::closeQueue);
    } catch (Throwable t) {
      resources.close();
      throw t;
    }
  }

  static Metal4Path open(LoadedPlan loaded, int depth) {
    return new Metal4Path(loaded, depth);
  }

  private Slot slot(Arena arena) {
    CommandAllocator4 allocator = CommandAllocator4.create(device);
    resources.own(allocator::close);
    CommandBuffer4 commands = CommandBuffer4.create(device);
    resources.own(commands::close);
    return new Slot(allocator, commands, IdArray.of(arena, commands.id()));
  }

  @Override
  public void submit(int program, int from, int to) {
    if (submitted - awaited == slots.length) {
      throw new IllegalStateException(slots.length + " submissions are under way already");
    }
    Slot slot = slots[(int) (submitted % slots.length)];
    long pool = AutoreleasePool.pushed();
    try {
      slot.allocator().reset();
      slot.commands().begin(slot.allocator());
      try {
        encode(slot.commands(), program, from, to);
      } finally {
        slot.commands().end();
      }
      queue.commit(slot.alone(), options);
      submitted++;
      queue.signal(event, submitted);
    } finally {
      AutoreleasePool.pop(pool);
    }
  }

  private void encode(CommandBuffer4 commands, int program, int from, int to) {
    long compute = commands.computeEncoder();
    try {
      ComputeEncoder4.queueBarrier(compute, DISPATCH, DISPATCH, Visibility4.DEVICE);
      tables.encode(compute, program, from, to);
    } finally {
      ComputeEncoder4.end(compute);
    }
  }

  @Override
  public void awaitOldest() throws GpuFault {
    awaited++;
    long pool = AutoreleasePool.pushed();
    try {
      awaitSignal(awaited);
    } finally {
      AutoreleasePool.pop(pool);
    }
    feedback.await(awaited, REPORT_MILLIS);
  }

  /** Waits for the event, or for a report: a commit that failed may never signal. */
  private void awaitSignal(long value) {
    for (long waited = 0; !event.await(value, SLICE_MILLIS); waited += SLICE_MILLIS) {
      if (feedback.reports() >= value || waited >= PATIENCE_MILLIS) {
        return;
      }
    }
  }

  @Override
  public void recover() {
    drain();
    feedback.forget();
    CommandQueue4 fresh = residency.queue4(device);
    queue.close();
    queue = fresh;
  }

  private void drain() {
    while (awaited < submitted) {
      try {
        awaitOldest();
      } catch (GpuFault | MetalException _) {
        // The fault that somebody heard of already, or what followed from it.
      }
    }
  }

  private void closeQueue() {
    queue.close();
  }

  @Override
  public void close() {
    try {
      drain();
    } finally {
      resources.close();
    }
  }
}
