package dev.diecast.tests.softmetal;

import dev.diecast.bindings.metal.CaptureManager;
import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.CounterSampleBuffer;
import dev.diecast.bindings.metal.CounterSet;
import dev.diecast.bindings.metal.SharedEvent;
import java.util.List;

/** Events, counters, captures and versions of the system. */
final class SystemMisuses {
  private SystemMisuses() {}

  static List<Misuse> all() {
    return List.of(
        new Misuse(
            "endless-wait",
            "the host waits for ever for what nobody signals",
            (metal, gpu) -> hostWait(metal, gpu, 2),
            (metal, gpu) -> hostWait(metal, gpu, 1)),
        new Misuse(
            "endless-wait",
            "a command buffer waits for what nobody signals",
            (metal, gpu) -> queueWait(metal, gpu, 2),
            (metal, gpu) -> queueWait(metal, gpu, 1)),
        new Misuse(
            "event-goes-back",
            "a lower value after a higher one",
            (_, gpu) -> signals(gpu, 2, 1),
            (_, gpu) -> signals(gpu, 1, 2)),
        new Misuse(
            "sample-range",
            "samples beyond the buffer's end are read",
            (_, gpu) -> samples(gpu).timestamps(0, 5),
            (_, gpu) -> samples(gpu).timestamps(0, 4)),
        new Misuse(
            "capture-not-started",
            "a capture is stopped that never started",
            (_, _) -> CaptureManager.stop(),
            (_, _) -> CaptureManager.isCapturing()),
        new Misuse(
            "array-index",
            "an item beyond an array's end",
            (_, gpu) -> item(gpu, 1),
            (_, gpu) -> item(gpu, 0)),
        new Misuse(
            "string-encoding",
            "text in another encoding than UTF-8",
            (_, gpu) -> text(gpu, 10),
            (_, gpu) -> text(gpu, 4)),
        new Misuse(
            "unavailable-selector",
            "a residency set on macOS 14",
            (metal, gpu) -> newSet(metal, gpu, 14),
            (metal, gpu) -> newSet(metal, gpu, 15)));
  }

  private static void hostWait(SoftMetal metal, Gpu gpu, long value) {
    metal.set(Setting.EVENT_TIMEOUT_MS, 100);
    SharedEvent event = gpu.keep(SharedEvent.create(gpu.device));
    event.setValue(1);
    event.await(value, Long.MAX_VALUE);
  }

  private static void queueWait(SoftMetal metal, Gpu gpu, long value) {
    metal.set(Setting.EVENT_TIMEOUT_MS, 100);
    SharedEvent event = gpu.keep(SharedEvent.create(gpu.device));
    event.setValue(1);
    long commands = gpu.queue.commandBuffer();
    CommandBuffer.await(commands, event, value);
    CommandBuffer.commit(commands);
    CommandBuffer.waitUntilCompleted(commands);
  }

  private static void signals(Gpu gpu, long first, long second) {
    SharedEvent event = gpu.keep(SharedEvent.create(gpu.device));
    event.setValue(first);
    event.setValue(second);
  }

  private static CounterSampleBuffer samples(Gpu gpu) {
    CounterSet set = gpu.keep(CounterSet.all(gpu.device).getFirst());
    return gpu.keep(CounterSampleBuffer.create(gpu.device, set, 4));
  }

  private static void item(Gpu gpu, long index) {
    Raw.send(Raw.send(gpu.device.id(), "counterSets"), "objectAtIndex:", index);
  }

  private static void text(Gpu gpu, long encoding) {
    long bytes = gpu.arena.allocateFrom("text").address();
    long blank = Raw.send(Raw.classNamed("NSString"), "alloc");
    long text = Raw.send(blank, "initWithBytes:length:encoding:", bytes, 4, encoding);
    Raw.send(text, "release");
  }

  private static void newSet(SoftMetal metal, Gpu gpu, long os) {
    long descriptor = Raw.newObject("MTLResidencySetDescriptor");
    metal.set(Setting.OS_MAJOR, os);
    long set = Raw.send(gpu.device.id(), "newResidencySetWithDescriptor:error:", descriptor, 0);
    if (set != 0) {
      Raw.send(set, "release");
    }
    Raw.send(descriptor, "release");
  }
}
