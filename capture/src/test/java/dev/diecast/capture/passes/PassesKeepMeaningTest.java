package dev.diecast.capture.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.capture.TestModel;
import dev.diecast.capture.TestModels;
import dev.diecast.capture.arch.Architectures;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.capture.interpret.Interpreter;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The interpreter computes the same logits before and after the pipeline. */
class PassesKeepMeaningTest {
  private static final WeightReader RANDOM = PassesKeepMeaningTest::row;

  static List<TestModel> models() {
    return TestModels.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void logitsStayTheSame(TestModel model) {
    Graph before = Architectures.of(model).trace(model, WeightReader.ONES);
    Graph after = Passes.run(before, PassSelection.ALL).graph();
    assertThat(after.nodes()).hasSizeLessThan(before.nodes().size());
    Interpreter traced = new Interpreter(before, RANDOM);
    Interpreter rewritten = new Interpreter(after, RANDOM);
    for (int token : new int[] {3, 141, 59, 26}) {
      double[] expected = traced.step(token);
      double[] logits = rewritten.step(token);
      assertThat(spread(expected)).isGreaterThan(1e-3);
      for (int i = 0; i < expected.length; i++) {
        assertThat(logits[i]).isCloseTo(expected[i], within(1e-12));
      }
    }
  }

  private static void row(TensorInfo tensor, long row, double[] into) {
    Random random = new Random(tensor.name().hashCode() * 31L + row);
    for (int i = 0; i < into.length; i++) {
      into[i] = random.nextDouble() * 0.2 - 0.1;
    }
  }

  private static double spread(double[] values) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return most - least;
  }
}
