package dev.diecast.kernels.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The runtime as a library, loaded for as long as this process lives: it installs handlers of
 * signals.
 *
 * @param library that every kernel library needs
 * @param dialect the folder of the headers
 * @param symbols of the library
 */
record HostRuntime(Path library, Path dialect, SymbolLookup symbols) {
  private static final Map<String, SymbolLookup> LOADED = new ConcurrentHashMap<>();

  /** Builds it below a folder unless it is there already. */
  static HostRuntime build(Path cache, Clang clang, List<String> flags) throws IOException {
    var sources = new HostSources();
    String digest = Digest.of(clang.version() + flags + sources.digest());
    Path folder = cache.resolve("runtime-" + digest);
    Path library = folder.resolve("libdiecasthost-" + digest + ".so");
    if (!Files.exists(library)) {
      try (var work = new WorkFolder(cache)) {
        sources.writeTo(work.path());
        compile(clang, flags, work.path(), library.getFileName());
        publish(work.path(), folder);
      }
    }
    return new HostRuntime(library, folder.resolve("dialect"), loaded(digest, library));
  }

  /**
   * The same runtime is loaded once, whichever folder it lies in: the system's loader links kernels
   * to the first one of its name.
   */
  private static SymbolLookup loaded(String digest, Path library) {
    return LOADED.computeIfAbsent(
        digest,
        _ -> {
          SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
          requireLayouts(symbols);
          return symbols;
        });
  }

  /** The structs of C++ and those of {@link NativeLayouts} must be the same. */
  private static void requireLayouts(SymbolLookup symbols) {
    MemorySegment layout =
        symbols
            .find("diecast_layout")
            .orElseThrow(() -> new IllegalStateException("the runtime lacks diecast_layout"));
    MethodHandle size =
        Linker.nativeLinker()
            .downcallHandle(
                layout, FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    List<StructLayout> mine =
        List.of(NativeLayouts.LAUNCH, NativeLayouts.BINDING, NativeLayouts.FINDING);
    for (int i = 0; i < mine.size(); i++) {
      try {
        long theirs = (long) size.invokeExact(i);
        if (theirs != mine.get(i).byteSize()) {
          throw new IllegalStateException(
              "struct "
                  + i
                  + " of the runtime has "
                  + theirs
                  + " bytes, not "
                  + mine.get(i).byteSize());
        }
      } catch (RuntimeException e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("the runtime could not be called", e);
      }
    }
  }

  private static void compile(Clang clang, List<String> flags, Path work, Path name) {
    var command = new ArrayList<>(flags);
    command.addAll(List.of("-O2", "-shared", "-Wl,-soname," + name));
    HostSources.RUNTIME.forEach(file -> command.add(work.resolve("host").resolve(file).toString()));
    command.addAll(List.of("-o", work.resolve(name).toString()));
    clang.run(command, "the host runtime does not compile");
  }

  /** Another process may have been faster; its folder is as good. */
  private static void publish(Path work, Path folder) throws IOException {
    try {
      Files.move(work, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }
}
