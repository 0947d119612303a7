package dev.diecast.tools.model;

import dev.diecast.capture.graph.GgufWeights;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.shapes.KnownShapes;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a plan is compiled from: a GGUF, or a known shape without weights.
 *
 * @param source metadata and tensor table
 * @param weights reads the few tensors that shape the trace
 */
public record CompileInput(ModelSource source, WeightReader weights) implements AutoCloseable {

  /** Opens {@code MODEL.gguf} or {@code SHAPE:TYPE}; a file of that name goes first. */
  public static CompileInput open(String named) {
    if (Files.exists(Path.of(named)) || !looksLikeShape(named)) {
      return of(GgufFile.open(Path.of(named)));
    }
    return new CompileInput(KnownShapes.find(named), WeightReader.ONES);
  }

  /** A GGUF that is open already and gets closed with this. */
  public static CompileInput of(GgufFile file) {
    return new CompileInput(file, new GgufWeights(file));
  }

  private static boolean looksLikeShape(String named) {
    return named.contains(":") && !named.contains("/") && !named.endsWith(".gguf");
  }

  @Override
  public void close() {
    if (source instanceof GgufFile file) {
      file.close();
    }
  }

  /** The GGUF itself; an error for a shape, which has no weights. */
  public GgufFile file() {
    if (source instanceof GgufFile file) {
      return file;
    }
    throw new PlanException(source.location() + ": a shape has no weights; `synth` makes some");
  }
}
