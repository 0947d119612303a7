package dev.diecast.kernels.host;

import dev.diecast.kernels.msl.MslArgument;
import dev.diecast.kernels.msl.MslKernel;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A kernel that can be dispatched on this machine. */
public final class HostKernel {
  /** Marks of accesses have room for so many threadgroups. */
  private static final long MAX_GROUPS = (1L << 21) - 2;

  private final HostLibrary library;
  private final MslKernel declared;
  private final MemorySegment entry;

  HostKernel(HostLibrary library, MslKernel declared, MemorySegment entry) {
    this.library = library;
    this.declared = declared;
    this.entry = entry;
  }

  /** Its declaration. */
  public MslKernel declared() {
    return declared;
  }

  /**
   * Runs all threads and returns when they have ended or the dispatch was given up.
   *
   * @throws HostException for a launch that does not fit the kernel's signature
   */
  public HostReport dispatch(HostLaunch launch) {
    requireFit(launch);
    library.lock().lock();
    try {
      return NativeDispatch.run(library, declared, entry, launch);
    } finally {
      library.lock().unlock();
    }
  }

  private void requireFit(HostLaunch launch) {
    for (String name : launch.buffers().keySet()) {
      MslArgument argument =
          declared.argument(name).orElseThrow(() -> problem("has no argument '" + name + "'"));
      boolean threadgroup = argument.kind() == MslArgument.Kind.THREADGROUP;
      boolean fits =
          switch (launch.buffers().get(name)) {
            case HostBuffer.Memory memory ->
                !threadgroup && argument.kind() != MslArgument.Kind.GRID;
            case HostBuffer.Threadgroup bytes -> threadgroup;
            case HostBuffer.Absent absent -> true;
            case null -> true;
          };
      if (!fits) {
        throw problem("cannot take what the launch binds to '" + name + "'");
      }
    }
    requireDisjoint(launch);
    if (launch.groups().count() > MAX_GROUPS) {
      throw problem("runs here with at most " + MAX_GROUPS + " threadgroups");
    }
    declared
        .maxThreads()
        .ifPresent(most -> {
          if (launch.threads().count() > most) {
            throw problem("allows " + most + " threads, not " + launch.threads().count());
          }
        });
  }

  /**
   * Bindings may overlap only where all of them are read, where they are the same memory (a kernel
   * working in place), or where one holds the other and the launch allows it.
   */
  private void requireDisjoint(HostLaunch launch) {
    List<MslArgument> bound =
        declared.arguments().stream()
            .filter(a -> launch.buffers().get(a.name()) instanceof HostBuffer.Memory)
            .toList();
    for (MslArgument a : bound) {
      for (MslArgument b : bound) {
        if (!a.name().equals(b.name())
            && !a.isConst()
            && overlap(memory(launch, a), memory(launch, b))
            && !same(memory(launch, a), memory(launch, b))
            && !(launch.inPlace() && nested(memory(launch, a), memory(launch, b)))) {
          throw problem(
              "writes '" + a.name() + "', whose memory is also bound to '" + b.name() + "'");
        }
      }
    }
  }

  private static MemorySegment memory(HostLaunch launch, MslArgument argument) {
    return launch.buffers().get(argument.name()) instanceof HostBuffer.Memory m
        ? m.memory()
        : MemorySegment.NULL;
  }

  private static boolean overlap(MemorySegment a, MemorySegment b) {
    return a.address() < b.address() + b.byteSize() && b.address() < a.address() + a.byteSize();
  }

  private static boolean same(MemorySegment a, MemorySegment b) {
    return a.address() == b.address() && a.byteSize() == b.byteSize();
  }

  private static boolean nested(MemorySegment a, MemorySegment b) {
    return holds(a, b) || holds(b, a);
  }

  private static boolean holds(MemorySegment a, MemorySegment b) {
    return a.address() <= b.address() && b.address() + b.byteSize() <= a.address() + a.byteSize();
  }

  private HostException problem(String what) {
    return new HostException(declared.where() + ": kernel " + declared.name() + " " + what);
  }
}
