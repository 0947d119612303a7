package dev.diecast.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The models with known answers: a few of each family among the test resources, and all of the
 * folder that the environment variable {@code DIECAST_ORACLE} names.
 */
public final class OracleModels {
  private static final String GGUF = ".gguf";

  private OracleModels() {}

  /** All models at hand, by name; of two with the same name the bundled one. */
  public static List<OracleModel> all() {
    Map<String, OracleModel> models = new TreeMap<>();
    String folder = System.getenv("DIECAST_ORACLE");
    if (folder != null && !folder.isBlank()) {
      in(Path.of(folder)).forEach(model -> models.put(model.name(), model));
    }
    bundled().forEach(model -> models.put(model.name(), model));
    return List.copyOf(models.values());
  }

  /** The models that are always at hand, by name. */
  public static List<OracleModel> bundled() {
    return in(resources());
  }

  /** The model of that name, which must be at hand. */
  public static OracleModel named(String name) {
    return all().stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no oracle model " + name));
  }

  private static Path resources() {
    try {
      return Path.of(Objects.requireNonNull(OracleModels.class.getResource("/oracle")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<OracleModel> in(Path root) {
    try (Stream<Path> files = Files.list(root.resolve("models"))) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(GGUF))
          .map(file -> model(root, file))
          .sorted(Comparator.comparing(OracleModel::name))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OracleModel model(Path root, Path file) {
    String name = file.getFileName().toString();
    return new OracleModel(
        name.substring(0, name.length() - GGUF.length()), file, root.resolve("golden"));
  }
}
