package dev.diecast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.passes.Pass;
import dev.diecast.capture.passes.PassSelection;
import dev.diecast.capture.passes.Passes;
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

/** Fusion changes how the cpu device computes, not what: any subset of the rules agrees. */
class FusionSubsetsTest {
  private static final int TOKENS = 12;
  private static final int RANDOM_MODELS = 4;

  /** Of models whose kernels keep activations in float32. */
  private static final double FLOAT_TOLERANCE = 3e-3;

  /** Of models whose kernels round activations to 10 or 11 bits. */
  private static final double PACKED_TOLERANCE = 1.5e-2;

  /** A row this far off, and those after it, went to another expert at a near tie. */
  private static final double OTHER_EXPERT = 2e-2;

  private static final List<TensorType> FLOAT_TYPES =
      List.of(TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0);

  @TempDir private Path folder;

  static List<String> rules() {
    return Passes.STANDARD.stream()
        .map(Pass::name)
        .filter(name -> name.startsWith("fuse-"))
        .toList();
  }

  static Stream<Arguments> modelsAndRules() {
    List<String> off = new ArrayList<>(rules());
    off.add("fuse");
    return OracleModels.all().stream()
        .flatMap(model -> off.stream().map(rule -> Arguments.of(model, rule)));
  }

  @ParameterizedTest
  @MethodSource("modelsAndRules")
  void eachRuleOffAgreesWithTheReference(OracleModel model, String rule) {
    int[] tokens = Arrays.copyOf(model.tokens(), TOKENS);
    float[][] rows = logits(model.gguf(), "-" + rule, tokens);
    float[][] fused = logits(model.gguf(), "", tokens);
    float[][] reference = model.reference();
    double tolerance = model.name().contains(".q4_") ? PACKED_TOLERANCE : FLOAT_TOLERANCE;
    boolean sameExperts = true;
    for (int t = 0; t < TOKENS; t++) {
      assertThat(Logits.relativeError(rows[t], fused[t]))
          .as("row %d, fused", t)
          .isLessThan(tolerance);
      sameExperts &= Logits.relativeError(fused[t], reference[t]) < OTHER_EXPERT;
      if (sameExperts) {
        assertThat(Logits.relativeError(rows[t], reference[t]))
            .as("row %d", t)
            .isLessThan(tolerance);
      }
    }
  }

  static Stream<Arguments> randomModels() {
    return Arrays.stream(RandomModels.Family.values())
        .flatMap(family ->
            Stream.iterate(100L, seed -> seed + 1)
                .limit(RANDOM_MODELS)
                .map(seed -> Arguments.of(family, seed)));
  }

  @ParameterizedTest
  @MethodSource("randomModels")
  void anySubsetGivesTheSameLogits(RandomModels.Family family, long seed) {
    Path gguf = RandomModels.write(family, seed, FLOAT_TYPES, folder);
    Random random = new Random(seed);
    List<String> off =
        rules().stream().filter(_ -> random.nextBoolean()).map(r -> "-" + r).toList();
    int[] tokens = random.ints(TOKENS, 0, vocabulary(gguf)).toArray();
    float[][] some = logits(gguf, String.join(",", off), tokens);
    float[][] all = logits(gguf, "", tokens);
    double[] errors = new double[TOKENS];
    for (int t = 0; t < TOKENS; t++) {
      errors[t] = Logits.relativeError(some[t], all[t]);
    }
    // A routing that is nearly a tie may fall either way; most rows have none.
    assertThat(Arrays.stream(errors).sorted().toArray()[TOKENS / 2])
        .as("without %s: the median row of %s", off, Arrays.toString(errors))
        .isLessThan(FLOAT_TOLERANCE);
  }

  private static int vocabulary(Path gguf) {
    try (CpuRun run = CpuRun.open(gguf, 1)) {
      return run.session().vocab();
    }
  }

  private static float[][] logits(Path gguf, String passes, int[] tokens) {
    CompileOptions options =
        CompileOptions.DEFAULTS.withContext(CpuRun.CONTEXT).withPasses(PassSelection.parse(passes));
    try (CpuRun run = CpuRun.open(gguf, 2, options)) {
      float[][] decoded = run.feed(tokens);
      run.session().reset();
      run.session().prefill(tokens);
      decoded[TOKENS - 1] = run.session().logits(); // the last row by a prefill step
      return decoded;
    }
  }
}
