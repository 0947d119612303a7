package dev.diecast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cpu device against the float64 reference.
 *
 * <p>The tolerance is 3e-3 per row for every weight type: the KV cache in float16 costs about 1e-3,
 * and the activations that meet quantised weights keep 10 or 11 bits, which costs less than that.
 */
class CpuOracleTest {
  private static final double TOLERANCE = 3e-3;

  static List<OracleModel> models() {
    return OracleModels.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyRowIsWithinTolerance(OracleModel model) {
    float[][] reference = model.reference();
    try (CpuRun run = CpuRun.open(model.gguf(), 2)) {
      float[][] rows = run.feed(model.tokens());
      for (int t = 0; t < rows.length; t++) {
        assertThat(Logits.relativeError(rows[t], reference[t]))
            .as("%s, row %d", model, t)
            .isLessThan(TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void prefillGivesWhatDecodeGives(OracleModel model) {
    int[] tokens = model.tokens();
    float[][] reference = model.reference();
    for (int length : new int[] {1, 2, 31, 32, 33, tokens.length - 1}) {
      try (CpuRun run = CpuRun.open(model.gguf(), 2)) {
        run.session().prefill(Arrays.copyOf(tokens, length));
        assertThat(Logits.relativeError(run.session().logits(), reference[length - 1]))
            .as("%s, prefill of %d", model, length)
            .isLessThan(TOLERANCE);
        float[] next = run.feed(tokens[length])[0];
        assertThat(Logits.relativeError(next, reference[length]))
            .as("%s, decode after a prefill of %d", model, length)
            .isLessThan(TOLERANCE);
      }
    }
  }

  /** The greedy text can differ only where the two best logits lie closer than the error. */
  @ParameterizedTest
  @MethodSource("models")
  void greedyTextIsTheReferencesWhereTheGapAllows(OracleModel model) {
    float[][] reference = model.reference();
    int prompt = model.prompt().length;
    int[] greedy = model.greedy();
    try (CpuRun run = CpuRun.open(model.gguf(), 2)) {
      int token = run.session().start(model.prompt());
      for (int i = 0; i < greedy.length; i++) {
        float[] row = reference[prompt - 1 + i];
        double error = 2 * Logits.largestDifference(run.session().logits(), row);
        int best = Logits.argmax(row);
        if (Logits.gap(row) > error) {
          assertThat(token).as("%s, greedy token %d", model, i).isEqualTo(best);
        }
        if (token != greedy[i]) {
          return; // A near tie went the other way: from here on the texts are not comparable.
        }
        token = run.session().step();
      }
    }
  }
}
