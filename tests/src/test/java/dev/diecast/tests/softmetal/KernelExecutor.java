package dev.diecast.tests.softmetal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.diecast.kernels.host.HostBuffer;
import dev.diecast.kernels.host.HostCompiler;
import dev.diecast.kernels.host.HostException;
import dev.diecast.kernels.host.HostFinding;
import dev.diecast.kernels.host.HostLaunch;
import dev.diecast.kernels.host.HostMode;
import dev.diecast.kernels.host.HostReport;
import dev.diecast.kernels.host.Size3;
import dev.diecast.kernels.msl.MslException;
import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.MslSource;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Compiles and runs MSL for the software Metal, which calls these methods from its own threads.
 * What was compiled is found again by later runs, on disk.
 */
final class KernelExecutor {
  private static final int SECONDS = 300;
  private static final MemoryLayout SLOT =
      MemoryLayout.structLayout(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final long LAUNCH_BYTES = 9 * 8;

  private final NativeFunctions library;
  private final Path cache;
  private final List<MslModule> libraries = new CopyOnWriteArrayList<>();
  private final Map<String, Long> numbers = new ConcurrentHashMap<>();
  private final List<ExecutablePipeline> pipelines = new CopyOnWriteArrayList<>();
  private final Map<String, Long> pipelineNumbers = new ConcurrentHashMap<>();
  private volatile HostMode mode = HostMode.PLAIN;
  private HostCompiler compiler;

  KernelExecutor(NativeFunctions library, Path cache) {
    this.library = library;
    this.cache = cache;
  }

  /** Whether every access of kernels is checked from now on, for pipelines made from now on. */
  void setChecked(boolean checked) {
    mode = checked ? HostMode.CHECKED : HostMode.PLAIN;
  }

  /** The three functions, as {@code struct soft_executor} has them. */
  MemorySegment functions(Arena arena) {
    MemorySegment functions = arena.allocate(ADDRESS, 3);
    functions.setAtIndex(
        ADDRESS,
        0,
        stub(arena, "library", long.class, long.class, long.class, long.class, long.class));
    functions.setAtIndex(
        ADDRESS,
        1,
        stub(
            arena,
            "pipeline",
            long.class,
            long.class,
            long.class,
            long.class,
            long.class,
            long.class));
    functions.setAtIndex(
        ADDRESS, 2, stub(arena, "dispatch", int.class, long.class, long.class, long.class));
    return functions;
  }

  private MemorySegment stub(Arena arena, String name, Class<?> result, Class<?>... arguments) {
    try {
      MethodHandle method =
          MethodHandles.lookup().bind(this, name, MethodType.methodType(result, arguments));
      FunctionDescriptor descriptor =
          FunctionDescriptor.of(
              result == int.class ? JAVA_INT : JAVA_LONG,
              Collections.nCopies(arguments.length, JAVA_LONG).toArray(MemoryLayout[]::new));
      return Linker.nativeLinker().upcallStub(method, descriptor, arena);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Called by the library: a library's number, or 0. */
  @SuppressWarnings("unused")
  private long library(long text, long bytes, long out, long room) {
    return answered(
        out,
        room,
        () -> {
          String source =
              new String(memory(text, bytes).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
          long number = numbers.computeIfAbsent(source, this::add);
          write(out, room, describe(libraries.get((int) number - 1)));
          return number;
        });
  }

  /** Called by the library: a pipeline's number, or 0. */
  @SuppressWarnings("unused")
  private long pipeline(long number, long entry, long constants, long out, long room) {
    return answered(
        out,
        room,
        () -> {
          String name = text(entry);
          String given = text(constants);
          String key = number + " " + name + " " + mode + " " + given;
          long found = pipelineNumbers.computeIfAbsent(key, _ -> build(number, name, given));
          write(out, room, pipelines.get((int) found - 1).description());
          return found;
        });
  }

  /** Called by the library, on a queue's thread: 0 when the dispatch ran. */
  @SuppressWarnings("unused")
  private int dispatch(long launch, long out, long room) {
    return answered(out, room, () -> run(memory(launch, LAUNCH_BYTES), out, room)) == 1 ? 0 : 1;
  }

  private synchronized long add(String source) {
    libraries.add(MslModule.parse(MslSource.ofText("library.metal", source)));
    return libraries.size();
  }

  private static String describe(MslModule module) {
    return module.kernels().stream()
            .map(k -> "kernel\t" + k.name() + "\n")
            .collect(Collectors.joining())
        + module.functionConstants().stream()
            .map(c -> "constant\t" + c.id() + "\t" + c.name() + "\t" + c.type() + "\n")
            .collect(Collectors.joining());
  }

  private long build(long number, String entry, String lines) {
    MslModule module = libraries.get((int) number - 1);
    Map<String, String> constants = new TreeMap<>();
    lines.lines().forEach(line -> constants.put(line.split("=", 2)[0], line.split("=", 2)[1]));
    var pipeline =
        new ExecutablePipeline(
            compiler().compile(module.source(), constants, mode), entry, constants);
    synchronized (pipelines) {
      pipelines.add(pipeline);
      return pipelines.size();
    }
  }

  private synchronized HostCompiler compiler() {
    if (compiler == null) {
      compiler = HostCompiler.in(cache);
    }
    return compiler;
  }

  /** Reads {@code struct soft_launch} and runs it; 1 when it ran to its end. */
  private long run(MemorySegment launch, long out, long room) {
    ExecutablePipeline pipeline = pipelines.get((int) launch.getAtIndex(JAVA_LONG, 0) - 1);
    var dispatch =
        new HostLaunch(size(launch, 1), size(launch, 4), buffers(pipeline, launch))
            .within(SECONDS)
            .allowingInPlace();
    HostReport report = pipeline.kernel().dispatch(dispatch);
    for (HostFinding finding : report.findings()) {
      library.report(rule(finding), pipeline.kernel().declared().name(), finding.toString());
    }
    if (!report.complete()) {
      write(out, room, "the kernel did not run to its end: " + report.findings());
      return 0;
    }
    return 1;
  }

  private static Map<String, HostBuffer> buffers(
      ExecutablePipeline pipeline, MemorySegment launch) {
    long count = launch.getAtIndex(JAVA_LONG, 7);
    MemorySegment slots = memory(launch.getAtIndex(JAVA_LONG, 8), count * SLOT.byteSize());
    Map<String, HostBuffer> buffers = new HashMap<>();
    for (long i = 0; i < count; i++) {
      MemorySegment slot = slots.asSlice(i * SLOT.byteSize(), SLOT.byteSize());
      boolean threadgroup = slot.getAtIndex(JAVA_LONG, 1) == 1;
      long bytes = slot.getAtIndex(JAVA_LONG, 3);
      buffers.put(
          pipeline.name(slot.getAtIndex(JAVA_LONG, 0), threadgroup),
          threadgroup
              ? new HostBuffer.Threadgroup(bytes)
              : HostBuffer.of(memory(slot.getAtIndex(JAVA_LONG, 2), bytes)));
    }
    return buffers;
  }

  /** What the checked mode finds in a kernel, as a rule of ours: {@code kernel-out-of-bounds}. */
  private static String rule(HostFinding finding) {
    return "kernel-" + finding.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Size3 size(MemorySegment launch, int at) {
    return new Size3(
        launch.getAtIndex(JAVA_LONG, at),
        launch.getAtIndex(JAVA_LONG, at + 1),
        launch.getAtIndex(JAVA_LONG, at + 2));
  }

  /** What is thrown becomes a text: nothing may leave an upcall. */
  private static long answered(long out, long room, Supplier<Long> answer) {
    try {
      return answer.get();
    } catch (HostException | MslException | IllegalArgumentException e) {
      write(out, room, String.valueOf(e.getMessage()));
    } catch (Throwable e) {
      write(out, room, e.toString());
    }
    return 0;
  }

  private static void write(long out, long room, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = (int) Math.min(bytes.length, room - 1);
    MemorySegment to = memory(out, room);
    MemorySegment.copy(bytes, 0, to, JAVA_BYTE, 0, length);
    to.set(JAVA_BYTE, length, (byte) 0);
  }

  private static String text(long address) {
    return memory(address, Long.MAX_VALUE).getString(0);
  }

  private static MemorySegment memory(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }
}
