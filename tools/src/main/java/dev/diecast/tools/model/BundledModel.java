package dev.diecast.tools.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The small model that the demo runs: GLM-4.7-Flash's architecture in miniature, Q4_0, with random
 * weights. A jar cannot be mapped, so it lies in a temporary file while it is in use.
 */
public record BundledModel(Path path) implements AutoCloseable {
  private static final String RESOURCE = "/dev/diecast/tools/glmflash.q4_0.gguf";

  /** Unpacks it. */
  public static BundledModel unpack() throws IOException {
    try (InputStream in = BundledModel.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing");
      }
      Path path = Files.createTempFile("diecast-demo", ".gguf");
      // Ctrl-C skips close().
      path.toFile().deleteOnExit();
      Files.copy(in, path, StandardCopyOption.REPLACE_EXISTING);
      return new BundledModel(path);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
