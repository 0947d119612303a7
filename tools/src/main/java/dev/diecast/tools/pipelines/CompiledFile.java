package dev.diecast.tools.pipelines;

import dev.diecast.kernels.metallib.KernelFiles;
import dev.diecast.kernels.msl.KernelModules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of compiled kernels in the folder that sessions look into.
 *
 * @param file its path
 * @param kind what it holds
 * @param kernels the kernel file that it was made from, or empty when this version has none with
 *     that text
 * @param system GPU architecture and OS version that it is for; empty for a library, which is for
 *     any
 * @param bytes its size
 */
public record CompiledFile(Path file, Kind kind, String kernels, String system, long bytes) {
  /** What such files hold. */
  public enum Kind {
    /** Metal's intermediate form of a whole kernel file. */
    LIBRARY,
    /** Machine code of pipelines, function constants filled in. */
    ARCHIVE
  }

  private static final Pattern ARCHIVE =
      Pattern.compile("(\\w+)-([0-9a-f]{16})-(.+)\\.metalarchive");
  private static final Pattern LIBRARY = Pattern.compile("([0-9a-f]{16})\\.metallib");

  /** Whether a session of this version can use it, on the system that it is for. */
  public boolean isCurrent() {
    return !kernels.isEmpty();
  }

  /** All in a folder, by name; none where there is no folder. */
  public static List<CompiledFile> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    Map<String, String> current = currentKernels();
    List<CompiledFile> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        Matcher archive = ARCHIVE.matcher(name);
        Matcher library = LIBRARY.matcher(name);
        if (archive.matches()) {
          String kernels = current.getOrDefault(archive.group(2), "");
          found.add(
              new CompiledFile(file, Kind.ARCHIVE, kernels, archive.group(3), Files.size(file)));
        } else if (library.matches()) {
          String kernels = current.getOrDefault(library.group(1), "");
          found.add(new CompiledFile(file, Kind.LIBRARY, kernels, "", Files.size(file)));
        }
      }
    }
    return found;
  }

  /** The kernel files of this version by the digits of their hash that file names have. */
  private static Map<String, String> currentKernels() {
    Map<String, String> current = new HashMap<>();
    for (String file : KernelFiles.all()) {
      String name = KernelFiles.libraryName(KernelModules.of(file).hash());
      current.put(name.replace(".metallib", ""), file);
    }
    return current;
  }
}
