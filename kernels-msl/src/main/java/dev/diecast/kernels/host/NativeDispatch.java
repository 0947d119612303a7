package dev.diecast.kernels.host;

import static dev.diecast.kernels.host.NativeLayouts.BINDING;
import static dev.diecast.kernels.host.NativeLayouts.FINDING;
import static dev.diecast.kernels.host.NativeLayouts.LAUNCH;
import static dev.diecast.kernels.host.NativeLayouts.getLong;
import static dev.diecast.kernels.host.NativeLayouts.offset;
import static dev.diecast.kernels.host.NativeLayouts.put;

import dev.diecast.kernels.msl.MslArgument;
import dev.diecast.kernels.msl.MslKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/** One call of {@code diecast_dispatch}: packs a launch and reads what came of it. */
final class NativeDispatch {
  private static final long FINDINGS = 64;
  private static final long WRITABLE = 1;
  private static final long UNDEFINED = 2;
  private static final long THREADGROUP = 4;
  private static final int DONE = 0;
  private static final int ABANDONED = 1;

  private final HostLibrary library;
  private final MslKernel kernel;
  private final HostLaunch launch;
  private final Arena arena;
  private final MemorySegment bindings;
  private final MemorySegment findings;
  private final MemorySegment call;

  private NativeDispatch(HostLibrary library, MslKernel kernel, HostLaunch launch, Arena arena) {
    this.library = library;
    this.kernel = kernel;
    this.launch = launch;
    this.arena = arena;
    this.bindings = arena.allocate(BINDING, Math.max(1, kernel.arguments().size()));
    this.findings = arena.allocate(FINDING, FINDINGS);
    this.call = arena.allocate(LAUNCH);
  }

  static HostReport run(
      HostLibrary library, MslKernel kernel, MemorySegment entry, HostLaunch launch) {
    try (Arena arena = Arena.ofConfined()) {
      var dispatch = new NativeDispatch(library, kernel, launch, arena);
      dispatch.pack(entry);
      int status = dispatch.invoke();
      if (status != DONE && status != ABANDONED) {
        throw new HostException("no memory to dispatch kernel " + kernel.name());
      }
      return dispatch.report(status == DONE);
    }
  }

  private void pack(MemorySegment entry) {
    List<MslArgument> arguments = kernel.arguments();
    for (int i = 0; i < arguments.size(); i++) {
      bind(at(bindings, BINDING.byteSize(), i), arguments.get(i));
    }
    put(LAUNCH, call, "entry", entry);
    put(LAUNCH, call, "bindings", bindings);
    put(LAUNCH, call, "findings", findings);
    put(LAUNCH, call, "binding_count", (long) arguments.size());
    put(LAUNCH, call, "finding_capacity", FINDINGS);
    putSize("groups", launch.groups());
    putSize("threads", launch.threads());
    put(LAUNCH, call, "schedule", orderCode(launch.schedule().order()));
    put(LAUNCH, call, "seed", launch.schedule().seed());
    put(LAUNCH, call, "checked", library.isChecked() ? 1 : 0);
    put(LAUNCH, call, "seconds", launch.seconds());
  }

  private void bind(MemorySegment binding, MslArgument argument) {
    put(BINDING, binding, "name", arena.allocateFrom(argument.name()));
    switch (launch.buffers().get(argument.name())) {
      case HostBuffer.Memory memory -> {
        put(BINDING, binding, "data", memory.memory());
        put(BINDING, binding, "bytes", memory.memory().byteSize());
        long flags = (argument.isConst() ? 0 : WRITABLE) | (memory.undefined() ? UNDEFINED : 0);
        put(BINDING, binding, "flags", flags);
      }
      case HostBuffer.Threadgroup threadgroup -> {
        put(BINDING, binding, "bytes", threadgroup.bytes());
        put(BINDING, binding, "flags", THREADGROUP | WRITABLE | UNDEFINED);
      }
      case HostBuffer.Absent absent -> {}
      case null -> {}
    }
  }

  /** As in {@code enum schedule_kind}. */
  private static int orderCode(Schedule.Order order) {
    return switch (order) {
      case FORWARD -> 0;
      case REVERSE -> 1;
      case RANDOM -> 2;
    };
  }

  private void putSize(String field, Size3 size) {
    long at = offset(LAUNCH, field);
    call.set(ValueLayout.JAVA_INT, at, Math.toIntExact(size.x()));
    call.set(ValueLayout.JAVA_INT, at + 4, Math.toIntExact(size.y()));
    call.set(ValueLayout.JAVA_INT, at + 8, Math.toIntExact(size.z()));
  }

  private int invoke() {
    MemorySegment function =
        library
            .runtime()
            .symbols()
            .find("diecast_dispatch")
            .orElseThrow(() -> new IllegalStateException("the runtime lacks diecast_dispatch"));
    MethodHandle dispatch =
        Linker.nativeLinker()
            .downcallHandle(
                function,
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS));
    try {
      return (int) dispatch.invokeExact(call, library.sectionEnd(0), library.sectionEnd(1));
    } catch (Throwable e) {
      throw new IllegalStateException("the runtime could not be called", e);
    }
  }

  private HostReport report(boolean complete) {
    var raw = new ArrayList<RawFinding>();
    for (long i = 0; i < getLong(LAUNCH, call, "finding_count"); i++) {
      raw.add(RawFinding.read(at(findings, FINDING.byteSize(), i)));
    }
    List<HostFinding> located =
        raw.isEmpty() ? List.of() : new FindingText(library, kernel, raw).findings();
    return new HostReport(located, library.isChecked() ? traffic() : List.of(), complete);
  }

  private List<BufferTraffic> traffic() {
    var traffic = new ArrayList<BufferTraffic>();
    for (int i = 0; i < kernel.arguments().size(); i++) {
      MslArgument argument = kernel.arguments().get(i);
      MemorySegment binding = at(bindings, BINDING.byteSize(), i);
      if (argument.kind() != MslArgument.Kind.GRID) {
        traffic.add(
            new BufferTraffic(
                argument.name(),
                getLong(BINDING, binding, "read"),
                getLong(BINDING, binding, "written"),
                getLong(BINDING, binding, "distinct_read"),
                getLong(BINDING, binding, "distinct_written")));
      }
    }
    return traffic;
  }

  private static MemorySegment at(MemorySegment array, long stride, long index) {
    return array.asSlice(index * stride, stride);
  }
}
