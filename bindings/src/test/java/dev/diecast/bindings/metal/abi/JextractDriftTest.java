package dev.diecast.bindings.metal.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The generated sources are what jextract makes of the header today. Skips where there is no
 * jextract.
 */
final class JextractDriftTest {
  private static final Path GENERATED = Path.of("src", "main", "generated");

  @Test
  void generatedSourcesAreUpToDate(@TempDir Path fresh) throws Exception {
    // As the profile "regenerate" of the pom does it.
    run(
        "--output",
        fresh.toString(),
        "-t",
        "dev.diecast.bindings.metal.abi",
        "--header-class-name",
        "MetalAbi",
        "--symbols-class-name",
        "MetalAbiLayouts",
        "src/main/native/metal_abi.h");
    Map<String, String> expected = sources(fresh);
    Map<String, String> actual = sources(GENERATED);
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((file, text) -> assertThat(actual.get(file)).as(file).isEqualTo(text));
  }

  private static void run(String... arguments) throws InterruptedException, IOException {
    String jextract = System.getProperty("diecast.jextract", "jextract");
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(Stream.of(jextract), Stream.of(arguments)).toList());
    Process process;
    try {
      process = builder.redirectErrorStream(true).start();
    } catch (IOException e) {
      abort("needs jextract: " + e.getMessage());
      return;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static Map<String, String> sources(Path root) throws IOException {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> sources.put(root.relativize(file).toString(), read(file)));
    }
    return sources;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
