package dev.diecast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.arch.Architectures;
import dev.diecast.capture.graph.GgufWeights;
import dev.diecast.capture.interpret.Interpreter;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.gguf.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random shapes, options and type mixes of every family: the cpu device against the float64
 * interpreter.
 *
 * <p>A routing that is nearly a tie may pick another expert than float64 does; such a row, and
 * those after it, may differ by much, so of the models with experts most rows must agree, of the
 * others all.
 */
class RandomModelTest {
  private static final int TOKENS = 45;
  private static final int MODELS_PER_FAMILY = Integer.getInteger("diecast.test.random.models", 6);
  private static final long FIRST_SEED = Long.getLong("diecast.test.random.seed", 1);

  /** Types whose kernels keep activations in float32. */
  private static final List<TensorType> FLOAT_TYPES =
      List.of(
          TensorType.F32,
          TensorType.F16,
          TensorType.BF16,
          TensorType.Q8_0,
          TensorType.Q4_1,
          TensorType.Q5_0,
          TensorType.Q5_1);

  private static final double FLOAT_TOLERANCE = 4e-3;

  /** For types whose kernels round activations to 10 or 11 bits. */
  private static final double PACKED_TOLERANCE = 2.5e-2;

  @TempDir private Path folder;

  static Stream<Arguments> models() {
    List<Arguments> all = new ArrayList<>();
    for (RandomModels.Family family : RandomModels.Family.values()) {
      for (int i = 0; i < MODELS_PER_FAMILY; i++) {
        all.add(Arguments.of(family, FIRST_SEED + i));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("models")
  void floatTypesAgreeClosely(RandomModels.Family family, long seed) {
    compare(RandomModels.write(family, seed, FLOAT_TYPES, folder), seed, FLOAT_TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("models")
  void allTypesAgree(RandomModels.Family family, long seed) {
    compare(
        RandomModels.write(family, seed, ModelDraft.allTypes(), folder), seed, PACKED_TOLERANCE);
  }

  private static void compare(Path gguf, long seed, double tolerance) {
    try (CpuRun run = CpuRun.open(gguf, 2)) {
      int[] tokens = new Random(seed).ints(TOKENS, 0, run.session().vocab()).toArray();
      float[][] reference = reference(gguf, tokens);
      float[][] decoded = run.feed(tokens);
      run.session().reset();
      run.session().prefill(Arrays.copyOf(tokens, TOKENS - 1));
      float[] prefilled = run.session().logits();
      double[] errors = new double[TOKENS];
      for (int t = 0; t < TOKENS; t++) {
        errors[t] = Logits.relativeError(decoded[t], reference[t]);
      }
      if (routes(run)) {
        assertThat(Arrays.stream(errors).sorted().toArray()[TOKENS / 2])
            .as("the median row of %s", Arrays.toString(errors))
            .isLessThan(tolerance);
      } else {
        assertThat(Arrays.stream(errors).max().orElseThrow())
            .as("the worst row")
            .isLessThan(tolerance);
        assertThat(Logits.relativeError(prefilled, reference[TOKENS - 2])).isLessThan(tolerance);
      }
    }
  }

  private static boolean routes(CpuRun run) {
    return run.plan().kernels().stream().anyMatch(kernel -> kernel.name().equals("route"));
  }

  private static float[][] reference(Path gguf, int[] tokens) {
    try (GgufFile model = GgufFile.open(gguf)) {
      GgufWeights weights = new GgufWeights(model);
      Interpreter interpreter =
          new Interpreter(Architectures.of(model).trace(model, weights), weights);
      float[][] rows = new float[tokens.length][];
      for (int t = 0; t < tokens.length; t++) {
        rows[t] = Logits.floats(interpreter.step(tokens[t]));
      }
      return rows;
    }
  }
}
