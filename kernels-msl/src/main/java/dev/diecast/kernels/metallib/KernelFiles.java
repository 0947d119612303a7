package dev.diecast.kernels.metallib;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.launch.KernelLaunch;
import dev.diecast.kernels.launch.KernelLaunches;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The kernel files that Diecast ships, and the libraries that a build on a Mac made of them. */
public final class KernelFiles {
  private static final int HASH_DIGITS = 16;

  private KernelFiles() {}

  /** The names of all files that hold kernels: {@code gemv.metal}. */
  public static List<String> all() {
    SortedSet<String> files = new TreeSet<>();
    for (KernelContract contract : KernelCatalog.all()) {
      if (KernelLaunches.exists(contract.name())) {
        files.add(KernelLaunches.of(contract.name()).resource());
        KernelLaunch tiled = KernelLaunches.tiled(contract.name());
        if (tiled != null) {
          files.add(tiled.resource());
        }
      }
    }
    return List.copyOf(files);
  }

  /** What the library of a text is called, whose hash {@code KernelModules.Parsed} tells. */
  public static String libraryName(String hash) {
    return hash.substring(0, HASH_DIGITS) + ".metallib";
  }

  /** The library that came with this build, if it was made on a Mac with Apple's compiler. */
  public static Optional<byte[]> shippedLibrary(String hash) {
    try (InputStream in = KernelFiles.class.getResourceAsStream(libraryName(hash))) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
