package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.kernels.KernelCatalog;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EmbedTest implements NeedsClang {
  private static final int VOCABULARY = 9;

  static List<String> types() {
    return KernelCatalog.WEIGHT_TYPES;
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyTypeIsDecoded(String type) {
    check(type, 512, 2, 5, new int[] {VOCABULARY - 1, 3});
  }

  @ParameterizedTest
  @CsvSource({"f32,13,1", "f16,7,1", "q8_0,96,0", "q4_0,32,2"})
  void rowsOfAnyLength(String type, int cols, int active) {
    check(type, cols, 2, active, new int[] {0, 5});
  }

  @ParameterizedTest
  @CsvSource({"-1", "9", "2147483647"})
  void aTokenOutsideTheVocabularyIsZero(int token) {
    byte[] y = run("q4_k", 256, 1, new int[] {token}, weights("q4_k", 256));
    assertThat(new Rows(y, 257, 1, 1).at(0, 256)).containsOnly(0f);
  }

  private static void check(String type, int cols, int tokens, int active, int[] ids) {
    BlockReference weights = weights(type, cols);
    byte[] y = run(type, cols, active, ids, weights);
    Rows rows = new Rows(y, cols + 1, tokens, Math.min(active, tokens));
    for (int t = 0; t < rows.active(); t++) {
      double[] expected = new double[cols];
      for (int i = 0; i < cols; i++) {
        expected[i] = weights.value((long) ids[t] * cols + i);
      }
      assertThat(Distance.relative(rows.at(t * (cols + 1), cols), expected)).isLessThan(1e-6);
      rows.assertUntouched(t * (cols + 1) + cols, 1);
    }
    rows.assertRestUntouched();
  }

  private static BlockReference weights(String type, int cols) {
    return BlockReference.random(type, VOCABULARY * cols / BlockReference.blockValues(type), cols);
  }

  private static byte[] run(String type, int cols, int active, int[] ids, BlockReference weights) {
    return KernelRun.of("embed_" + type)
        .args("n_tokens", ids.length, "n_vocab", VOCABULARY, "cols", cols, "y_stride", cols + 1)
        .args("row_bytes", weights.bytes().length / VOCABULARY)
        .bytes("w", weights.bytes())
        .ints("tokens", ids)
        .step(0, active)
        .output("y", 4L * ids.length * (cols + 1))
        .run()
        .get("y");
  }
}
