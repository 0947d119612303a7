package dev.diecast.tools.model;

import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.shapes.KnownShapes;
import dev.diecast.plans.shapes.ShapeFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a plan is compiled from: a GGUF, or a shape without weights, known or added or in a file.
 *
 * @param source metadata and tensor table
 */
public record CompileInput(ModelSource source) implements AutoCloseable {

  /**
   * Opens {@code MODEL.gguf}, {@code FILE.shape}, {@code SHAPE:TYPE} or the name of a shape that
   * the user has added; a file of that name goes first.
   */
  public static CompileInput open(String named) {
    return new CompileInput(source(named));
  }

  private static ModelSource source(String named) {
    Path file = Path.of(named);
    if (Files.exists(file)) {
      return ShapeFile.is(file) ? ShapeFile.read(file) : GgufFile.open(file);
    }
    Optional<Path> added = UserShapes.find(named);
    if (added.isPresent()) {
      return ShapeFile.read(added.get());
    }
    return looksLikeShape(named) ? KnownShapes.find(named) : GgufFile.open(file);
  }

  /**
   * Whatever is neither in a folder nor called a GGUF: a misspelt shape gets the list of shapes.
   */
  private static boolean looksLikeShape(String named) {
    return KnownShapes.isKnown(named)
        || (named.contains(":") && !named.contains("/") && !named.endsWith(".gguf"));
  }

  @Override
  public void close() {
    if (source instanceof GgufFile file) {
      file.close();
    }
  }
}
