package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.kernels.Access;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.kernels.host.HostBuffer;
import dev.diecast.kernels.host.HostCompiler;
import dev.diecast.kernels.host.HostLaunch;
import dev.diecast.kernels.host.HostLibrary;
import dev.diecast.kernels.host.HostMode;
import dev.diecast.kernels.host.HostReport;
import dev.diecast.kernels.host.Schedule;
import dev.diecast.kernels.host.Size3;
import dev.diecast.kernels.launch.Constants;
import dev.diecast.kernels.launch.KernelLaunch;
import dev.diecast.kernels.launch.KernelLaunches;
import dev.diecast.kernels.launch.Launch;
import dev.diecast.kernels.msl.MslSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One dispatch of a kernel on the host: plainly, and checked under every schedule, which must show
 * no finding and always the same results.
 */
final class KernelRun {
  private static final Path CACHE = Path.of("target", "host-kernels");

  private final KernelContract contract;
  private final KernelLaunch launch;
  private final Map<String, Number> args = new HashMap<>();
  private final Map<String, Long> constants = new TreeMap<>();
  private final Map<String, byte[]> inputs = new HashMap<>();
  private final Map<String, Long> outputs = new HashMap<>();

  private KernelRun(String kernel) {
    contract = KernelCatalog.get(kernel);
    launch = KernelLaunches.of(kernel);
    constants.putAll(launch.tunables());
  }

  static KernelRun of(String kernel) {
    return new KernelRun(kernel);
  }

  /** Arguments as name, value, name, value. */
  KernelRun args(Object... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      args.put((String) namesAndValues[i], (Number) namesAndValues[i + 1]);
    }
    return this;
  }

  KernelRun constant(String name, long value) {
    constants.put(name, value);
    return this;
  }

  KernelRun bytes(String slot, byte[] content) {
    inputs.put(slot, content);
    return this;
  }

  KernelRun floats(String slot, float[] values) {
    return bytes(slot, Bytes.of(values));
  }

  KernelRun halves(String slot, float[] values) {
    return bytes(slot, Bytes.halves(values));
  }

  KernelRun ints(String slot, int... values) {
    return bytes(slot, Bytes.of(values));
  }

  /** A step at a position with so many active tokens. */
  KernelRun step(int position, int active) {
    return bytes("step", new StepBytes().position(position).active(active).bytes());
  }

  /** A buffer of which the kernel must not read what it did not write. */
  KernelRun output(String slot, long bytes) {
    outputs.put(slot, bytes);
    return this;
  }

  /** What all written buffers hold afterwards; bytes that were never written are 0xff. */
  Results run() {
    for (Slot slot : contract.slots()) {
      if (slot.optional()) {
        boolean bound = inputs.containsKey(slot.name());
        constants.putIfAbsent("has_" + slot.name(), bound ? 1L : 0L);
      }
    }
    Results first = dispatch(HostMode.CHECKED, Schedule.FORWARD);
    for (Schedule schedule : List.of(Schedule.REVERSE, Schedule.random(1))) {
      Results checked = dispatch(HostMode.CHECKED, schedule);
      for (String slot : first.bySlot().keySet()) {
        assertThat(checked.get(slot)).as(slot + ", " + schedule).isEqualTo(first.get(slot));
      }
    }
    return dispatch(HostMode.PLAIN, Schedule.FORWARD);
  }

  private Results dispatch(HostMode mode, Schedule schedule) {
    byte[] packed = contract.args().pack(args);
    Launch grid = launch.rule().launch(contract.args().reader(packed), new Constants(constants));
    Map<String, String> texts = new TreeMap<>();
    constants.forEach((name, value) -> texts.put(name, value.toString()));
    try (Arena arena = Arena.ofConfined();
        HostLibrary library =
            HostCompiler.in(CACHE).compile(MslSource.ofResource(launch.resource()), texts, mode)) {
      Map<String, MemorySegment> memory = new HashMap<>();
      Map<String, HostBuffer> buffers = new HashMap<>();
      inputs.forEach((slot, content) -> memory.put(slot, copy(arena, content)));
      memory.put("args", copy(arena, packed));
      memory.forEach((slot, segment) -> buffers.put(slot, HostBuffer.of(segment)));
      outputs.forEach((slot, bytes) -> {
        MemorySegment segment = arena.allocate(bytes, 16).fill((byte) 0xff);
        memory.put(slot, segment);
        buffers.put(slot, HostBuffer.undefined(segment));
      });
      HostReport report =
          library
              .kernel(launch.entry())
              .dispatch(
                  new HostLaunch(
                          new Size3(grid.x(), grid.y(), grid.z()),
                          Size3.of(grid.threads()),
                          buffers)
                      .with(schedule));
      assertThat(report.findings()).as(mode + ", " + schedule).isEmpty();
      assertThat(report.complete()).isTrue();
      return new Results(written(memory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, byte[]> written(Map<String, MemorySegment> memory) {
    Map<String, byte[]> results = new HashMap<>();
    for (Slot slot : contract.slots()) {
      MemorySegment segment = memory.get(slot.name());
      if (slot.access() != Access.READ && segment != null) {
        results.put(slot.name(), segment.toArray(ValueLayout.JAVA_BYTE));
      }
    }
    return results;
  }

  private static MemorySegment copy(Arena arena, byte[] content) {
    return arena.allocate(Math.max(1, content.length), 16).copyFrom(MemorySegment.ofArray(content));
  }
}
