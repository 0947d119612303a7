package dev.diecast.tools.model;

import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.shapes.KnownShapes;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a plan is compiled from: a GGUF, or a known shape without weights.
 *
 * @param source metadata and tensor table
 */
public record CompileInput(ModelSource source) implements AutoCloseable {

  /** Opens {@code MODEL.gguf} or {@code SHAPE:TYPE}; a file of that name goes first. */
  public static CompileInput open(String named) {
    boolean shape = !Files.exists(Path.of(named)) && looksLikeShape(named);
    return new CompileInput(shape ? KnownShapes.find(named) : GgufFile.open(Path.of(named)));
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
