package dev.diecast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.arch.Architectures;
import dev.diecast.capture.graph.GgufWeights;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.interpret.Interpreter;
import dev.diecast.plans.gguf.GgufFile;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The float64 interpreter against float64 logits computed elsewhere from the same files. */
class InterpreterOracleTest {
  /** Relative L2 per row. The reference is stored as float32, which alone costs 3e-8. */
  private static final double TOLERANCE = 1e-5;

  static List<OracleModel> models() {
    return OracleModels.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyRowAgrees(OracleModel model) {
    int[] tokens = model.tokens();
    float[][] reference = model.reference();
    try (GgufFile file = GgufFile.open(model.gguf())) {
      GgufWeights weights = new GgufWeights(file);
      Graph graph = Architectures.of(file).trace(file, weights);
      Interpreter interpreter = new Interpreter(graph, weights);
      for (int row = 0; row < tokens.length; row++) {
        double[] logits = interpreter.step(tokens[row]);
        assertThat(OracleModel.relativeError(logits, reference[row]))
            .as("%s, row %d", model, row)
            .isLessThan(TOLERANCE);
      }
    }
  }
}
