package dev.diecast.kernels.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The runtime as a library, loaded for as long as this process lives: it installs handlers of
 * signals.
 *
 * @param library that every kernel library needs
 * @param dialect the folder of the headers
 * @param symbols of the library
 */
record HostRuntime(Path library, Path dialect, SymbolLookup symbols) {

  /** Builds it below a folder unless it is there already. */
  static HostRuntime build(Path cache, Clang clang, List<String> flags) throws IOException {
    var sources = new HostSources();
    String digest = Digest.of(clang.version() + flags + sources.digest());
    Path folder = cache.resolve("runtime-" + digest);
    Path library = folder.resolve("libdiecasthost-" + digest + ".so");
    if (!Files.exists(library)) {
      Path work = Files.createTempDirectory(cache, "building-");
      sources.writeTo(work);
      compile(clang, flags, work, library.getFileName());
      publish(work, folder);
    }
    SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
    return new HostRuntime(library, folder.resolve("dialect"), symbols);
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
