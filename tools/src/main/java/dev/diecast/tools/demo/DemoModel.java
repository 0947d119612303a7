package dev.diecast.tools.demo;

import dev.diecast.plans.PlanException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * The model that ships with Diecast: GLM-4.7-Flash's architecture in miniature, trained from
 * scratch by {@code tools/demo-model}. A jar cannot be mapped, so it lies in a temporary file while
 * it is in use.
 */
public record DemoModel(Path path) implements AutoCloseable {
  /** The types that the training writes. */
  public enum Type {
    /** Ships with Diecast. */
    Q8_0,
    /** Ships with Diecast. */
    Q4_0,
    /** The training writes it, but its size keeps it out of the repository. */
    F16;

    /** As in file names. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Unpacks it.
   *
   * @throws PlanException for the type that does not ship
   */
  public static DemoModel unpack(Type type) throws IOException {
    String resource = "demo." + type.text() + ".gguf";
    try (InputStream in = DemoModel.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new PlanException(
            resource
                + " does not ship: tools/demo-model/README.md tells how to make it; then say --model");
      }
      Path path = Files.createTempFile("diecast-demo", ".gguf");
      // Ctrl-C skips close().
      path.toFile().deleteOnExit();
      Files.copy(in, path, StandardCopyOption.REPLACE_EXISTING);
      return new DemoModel(path);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
