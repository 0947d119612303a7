package dev.diecast.kernels.host;

import dev.diecast.kernels.msl.Dialect;
import dev.diecast.kernels.msl.MslKernel;
import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.Translation;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The kernels of one file with one set of function constants, loaded into this process. Dispatches
 * of one library wait for each other, since its threadgroup variables exist once.
 */
public final class HostLibrary implements AutoCloseable {
  private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

  private final Path file;
  private final HostRuntime runtime;
  private final MslModule module;
  private final HostMode mode;
  private final SourceLines lines;
  private final Arena arena = Arena.ofShared();
  private final SymbolLookup symbols;
  private final MemorySegment section;

  private HostLibrary(Path file, HostRuntime runtime, MslModule module, HostMode mode) {
    this.file = file;
    this.runtime = runtime;
    this.module = module;
    this.mode = mode;
    this.lines = new SourceLines(file, runtime);
    this.symbols = SymbolLookup.libraryLookup(file, arena);
    this.section = arena.allocate(ValueLayout.ADDRESS, 2);
    findSection();
  }

  static HostLibrary load(Path file, HostRuntime runtime, MslModule module, HostMode mode) {
    try {
      return new HostLibrary(file, runtime, module, mode);
    } catch (IllegalArgumentException e) {
      throw new HostException("could not load " + file + ": " + e.getMessage(), e);
    }
  }

  /** What the file declares. */
  public MslModule module() {
    return module;
  }

  /**
   * A kernel by name.
   *
   * @throws HostException when the file has none of that name
   */
  public HostKernel kernel(String name) {
    MslKernel declared =
        module
            .kernel(name)
            .orElseThrow(
                () -> new HostException(module.source().name() + " has no kernel '" + name + "'"));
    return new HostKernel(this, declared, symbol(Translation.symbol(declared, Dialect.HOST)));
  }

  /** Unloads it; its kernels are of no use afterwards. */
  @Override
  public void close() {
    arena.close();
  }

  Path file() {
    return file;
  }

  HostRuntime runtime() {
    return runtime;
  }

  /** Where its addresses come from. */
  SourceLines lines() {
    return lines;
  }

  boolean isChecked() {
    return mode == HostMode.CHECKED;
  }

  /** Held during a dispatch. */
  ReentrantLock lock() {
    return LOCKS.computeIfAbsent(file, f -> new ReentrantLock());
  }

  /** Both ends of the memory of threadgroup variables. */
  MemorySegment sectionEnd(int which) {
    return section.getAtIndex(ValueLayout.ADDRESS, which);
  }

  private MemorySegment symbol(String name) {
    return symbols
        .find(name)
        .orElseThrow(() -> new HostException("the library " + file + " lacks " + name));
  }

  private void findSection() {
    MethodHandle find =
        Linker.nativeLinker()
            .downcallHandle(
                symbol("diecast_threadgroup_section"),
                FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
    try {
      find.invokeExact(section);
    } catch (Throwable e) {
      throw new IllegalStateException("the library " + file + " could not be called", e);
    }
  }
}
