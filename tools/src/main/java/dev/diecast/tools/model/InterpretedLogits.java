package dev.diecast.tools.model;

import dev.diecast.capture.arch.Architectures;
import dev.diecast.capture.graph.GgufWeights;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.interpret.Interpreter;
import dev.diecast.plans.gguf.GgufFile;
import java.nio.file.Path;

/** Logits of the traced graph itself, computed in float64 and rounded at the end. */
public record InterpretedLogits(GgufFile file, Interpreter interpreter, int vocab)
    implements LogitSource {
  /** Traces the model. */
  public static InterpretedLogits open(Path model) {
    GgufFile file = GgufFile.open(model);
    try {
      GgufWeights weights = new GgufWeights(file);
      Graph graph = Architectures.of(file).trace(file, weights);
      int vocab = Math.toIntExact(graph.logits().width());
      return new InterpretedLogits(file, new Interpreter(graph, weights), vocab);
    } catch (Throwable t) {
      file.close();
      throw t;
    }
  }

  @Override
  public void next(int token, float[] row) {
    double[] logits = interpreter.step(token);
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) logits[i];
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
