package dev.diecast.plans.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files that other programs wrote; runs where {@code DIECAST_ORACLE} names their folder. */
class OracleModelsTest {
  @Test
  void everyModelOpensAndDecodes() throws IOException {
    for (Path path : files("models")) {
      try (GgufFile file = GgufFile.open(path)) {
        assertThat(file.tensors()).isNotEmpty();
        for (TensorInfo tensor : file.tensors()) {
          assertPlausible(file, tensor);
        }
      }
    }
  }

  @Test
  void everyVocabularyOpens() throws IOException {
    for (Path path : files("vocab")) {
      try (GgufFile file = GgufFile.open(path)) {
        assertThat(file.metadata().find("tokenizer.ggml.tokens"))
            .get()
            .isInstanceOf(MetaValue.Texts.class);
      }
    }
  }

  /** Random normal weights of deviation well below 10, norms and biases. */
  private static void assertPlausible(GgufFile file, TensorInfo tensor) {
    double[] row = new double[(int) tensor.dim(0)];
    BlockDecoder.decode(tensor.type(), file.data(tensor), 0, row.length, row, 0);
    double sum = 0;
    for (double value : row) {
      sum += value * value;
    }
    double limit = tensor.name().equals("rope_freqs.weight") ? 32 : 10;
    assertThat(Math.sqrt(sum / row.length)).as(tensor.name()).isBetween(1e-3, limit);
  }

  private static List<Path> files(String folder) throws IOException {
    String oracle = System.getenv("DIECAST_ORACLE");
    assumeTrue(oracle != null, "DIECAST_ORACLE is not set");
    try (Stream<Path> all = Files.list(Path.of(oracle, folder))) {
      return all.filter(path -> path.toString().endsWith(".gguf")).sorted().toList();
    }
  }
}
