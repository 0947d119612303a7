package dev.diecast.kernels.metallib;

import dev.diecast.kernels.metallib.MetalToolchain.Search;
import dev.diecast.kernels.msl.KernelModules;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Compiles all kernel files into a folder; a build on macOS puts the results beside this class. A
 * machine without Apple's compiler is no error, for the device then compiles source.
 */
public final class PrecompileKernels {
  private static final System.Logger LOG = System.getLogger("diecast");

  private PrecompileKernels() {}

  /** Takes the folder. */
  public static void main(String[] args) throws IOException {
    switch (MetalToolchain.find()) {
      case Search.Missing(String reason) ->
          LOG.log(Level.INFO, "Kernels are not compiled ahead of time: " + reason);
      case Search.Found(MetalToolchain toolchain) -> {
        Path folder = Path.of(args[0]);
        List<String> files = KernelFiles.all();
        for (String file : files) {
          compile(toolchain, file, folder);
        }
        LOG.log(Level.INFO, files.size() + " kernel files compiled by " + toolchain.version());
      }
    }
  }

  private static void compile(MetalToolchain toolchain, String file, Path folder)
      throws IOException {
    KernelModules.Parsed kernels = KernelModules.of(file);
    Path library = folder.resolve(KernelFiles.libraryName(kernels.hash()));
    if (Files.exists(library)) {
      return;
    }
    // The device will meet the same error, and say it to whom it concerns.
    toolchain
        .compile(kernels.source().text(), file, library)
        .ifPresent(problem -> LOG.log(Level.WARNING, problem));
  }
}
