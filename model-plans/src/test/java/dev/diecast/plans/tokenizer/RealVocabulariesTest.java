package dev.diecast.plans.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.diecast.plans.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every vocabulary of {@code $DIECAST_ORACLE/vocab} and of the folder {@code $DIECAST_VOCABS}, if
 * set: each text of {@code FILE.inp} gives the ids of {@code FILE.out} and comes back from them.
 */
class RealVocabulariesTest {
  private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

  @TestFactory
  Stream<DynamicTest> encodesAndDecodesEveryText() throws IOException {
    List<Path> files = vocabularies();
    if (files.isEmpty()) {
      return Stream.of(
          DynamicTest.dynamicTest(
              "no vocabularies", () -> abort("DIECAST_ORACLE and DIECAST_VOCABS name none")));
    }
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private static List<Path> vocabularies() throws IOException {
    String oracle = System.getenv("DIECAST_ORACLE");
    String more = System.getenv("DIECAST_VOCABS");
    var found = new ArrayList<Path>();
    for (Path folder :
        Stream.of(oracle == null ? null : oracle + "/vocab", more)
            .filter(name -> name != null)
            .map(Path::of)
            .filter(Files::isDirectory)
            .toList()) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(f -> f.toString().endsWith(".gguf")).sorted().forEach(found::add);
      }
    }
    return found;
  }

  private static void check(Path file) throws IOException {
    try (GgufFile model = GgufFile.open(file)) {
      check(Tokenizer.of(model.metadata()), file);
    }
  }

  private static void check(Tokenizer tokenizer, Path file) throws IOException {
    String inputs = Files.readString(Path.of(file + ".inp"), UTF_8);
    // A separator ends the last text too.
    String[] texts = inputs.substring(0, inputs.length() - SEPARATOR.length()).split(SEPARATOR, -1);
    List<String> lines = Files.readAllLines(Path.of(file + ".out"));
    assertThat(texts.length).isGreaterThan(40);
    assertThat(lines).hasSize(texts.length);
    for (int i = 0; i < texts.length; i++) {
      int[] expected = ids(lines.get(i));
      assertThat(tokenizer.encode(texts[i], false, true))
          .as("text %d: %s", i, texts[i])
          .isEqualTo(expected);
      assertThat(tokenizer.decode(expected)).as("ids of text %d", i).isEqualTo(texts[i]);
      assertThat(tokenizer.decode(tokenizer.encode(texts[i], true, true)))
          .as("text %d with BOS and EOS", i)
          .isEqualTo(texts[i]);
    }
  }

  private static int[] ids(String line) {
    return Arrays.stream(line.trim().split(" "))
        .filter(s -> !s.isEmpty())
        .mapToInt(Integer::parseInt)
        .toArray();
  }
}
