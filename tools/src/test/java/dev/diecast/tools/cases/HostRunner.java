package dev.diecast.tools.cases;

import dev.diecast.kernels.Slot;
import dev.diecast.kernels.host.HostBuffer;
import dev.diecast.kernels.host.HostCompiler;
import dev.diecast.kernels.host.HostLaunch;
import dev.diecast.kernels.host.HostLibrary;
import dev.diecast.kernels.host.HostMode;
import dev.diecast.kernels.host.HostReport;
import dev.diecast.kernels.host.Schedule;
import dev.diecast.kernels.host.Size3;
import dev.diecast.kernels.launch.Launch;
import dev.diecast.kernels.msl.FunctionConstant;
import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.MslSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Runs cases on MSL kernels on this machine, each file compiled once for each set of constants. */
final class HostRunner {
  private final HostCompiler compiler;
  private final Sources sources;
  private final Map<String, MslModule> modules = new HashMap<>();
  private final Map<Build, HostLibrary> libraries = new HashMap<>();

  /** Where the text of a file comes from. */
  interface Sources {
    MslSource of(String resource) throws IOException;
  }

  /** What makes a library: the same build is never made twice. */
  record Build(String resource, Map<String, String> constants, HostMode mode) {}

  /** What came of a dispatch. */
  record Outcome(HostReport report, Comparison comparison) {}

  HostRunner(HostCompiler compiler, Sources sources) {
    this.compiler = compiler;
    this.sources = sources;
  }

  Build build(CaseForm variant, HostMode mode) {
    Map<String, Long> values = values(variant);
    Map<String, String> constants = new TreeMap<>();
    for (FunctionConstant constant : module(variant.launch().resource()).functionConstants()) {
      Long value = values.get(constant.name());
      if (value == null) {
        throw new IllegalStateException(
            variant + ": nothing says what constant " + constant.name() + " is");
      }
      boolean bool = constant.type().equals("bool");
      constants.put(constant.name(), bool ? String.valueOf(value != 0) : value.toString());
    }
    return new Build(variant.launch().resource(), constants, mode);
  }

  /** Compiles unless that was done; may be called by several threads. */
  HostLibrary library(Build build) {
    synchronized (libraries) {
      HostLibrary there = libraries.get(build);
      if (there != null) {
        return there;
      }
    }
    HostLibrary made = compiler.compile(source(build.resource()), build.constants(), build.mode());
    synchronized (libraries) {
      libraries.put(build, made);
    }
    return made;
  }

  /** Runs a case on fresh memory. */
  Outcome run(CaseForm variant, HostMode mode, Schedule schedule) {
    KernelCase of = variant.of();
    HostLibrary library = library(build(variant, mode));
    try (Arena arena = Arena.ofConfined()) {
      var memory = new CaseMemory(of, arena);
      var before = new CaseData(of, memory);
      Launch size = variant.size();
      var launch =
          new HostLaunch(
              new Size3(size.x(), size.y(), size.z()),
              Size3.of(size.threads()),
              buffers(of, memory, arena));
      HostReport report =
          library.kernel(variant.launch().entry()).dispatch(launch.with(schedule).within(20));
      Expected expected = References.of(of).of(before);
      return new Outcome(report, Comparison.of(before, expected, memory, of::tolerance));
    }
  }

  private static Map<String, HostBuffer> buffers(KernelCase of, CaseMemory memory, Arena arena) {
    Map<String, HostBuffer> buffers = new HashMap<>();
    memory
        .slots()
        .forEach((slot, segment) ->
            buffers.put(
                slot,
                of.content(slot) instanceof Content.Room
                    ? HostBuffer.undefined(segment)
                    : HostBuffer.of(segment)));
    byte[] args = of.packedArgs();
    MemorySegment packed = arena.allocate(args.length, 16);
    packed.copyFrom(MemorySegment.ofArray(args));
    buffers.put("args", HostBuffer.of(packed));
    return buffers;
  }

  /** What the planner states: the contract's constants, which slots are bound, and tunables. */
  private static Map<String, Long> values(CaseForm variant) {
    Map<String, Long> values = new HashMap<>(variant.stated());
    for (Slot slot : variant.of().contract().slots()) {
      if (slot.optional()) {
        values.put("has_" + slot.name(), variant.of().slots().containsKey(slot.name()) ? 1L : 0L);
      }
    }
    return values;
  }

  private synchronized MslModule module(String resource) {
    return modules.computeIfAbsent(resource, file -> MslModule.parse(source(file)));
  }

  private MslSource source(String resource) {
    try {
      return sources.of(resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
