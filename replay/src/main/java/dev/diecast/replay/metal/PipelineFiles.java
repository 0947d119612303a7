package dev.diecast.replay.metal;

import dev.diecast.kernels.metallib.KernelFiles;
import java.nio.file.Path;

/** Where compiled kernels lie in their folder. */
public final class PipelineFiles {
  private static final int HASH_DIGITS = 16;

  private PipelineFiles() {}

  /**
   * The library of a kernel file, for any GPU.
   *
   * @param hash of the file's text, see {@code KernelModules.Parsed}
   */
  public static Path library(Path folder, String hash) {
    return folder.resolve(KernelFiles.libraryName(hash));
  }

  /**
   * The compiled pipelines of a kernel file, good for one GPU architecture and one OS version.
   *
   * @param resource the kernel file: {@code gemv.metal}
   * @param hash of its text
   * @param architecture as the GPU names it
   * @param system the OS version as the OS writes it
   */
  public static Path archive(
      Path folder, String resource, String hash, String architecture, String system) {
    String name =
        resource.replace(".metal", "")
            + "-"
            + hash.substring(0, HASH_DIGITS)
            + "-"
            + plain(architecture)
            + "-"
            + plain(system)
            + ".metalarchive";
    return folder.resolve(name);
  }

  private static String plain(String text) {
    return text.replaceAll("[^A-Za-z0-9._]+", "_");
  }
}
