package dev.diecast.bindings.metal.abi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Header and generated sources belong together: {@code metal_abi.sha256} holds the digest of both
 * as they were when {@link JextractDriftTest} last passed. It needs no jextract. After regenerating
 * on purpose, {@code -Ddiecast.golden=write} writes the digest anew.
 */
final class AbiDigestTest {
  private static final Path NATIVE = Path.of("src", "main", "native");
  private static final Path DIGEST = NATIVE.resolve("metal_abi.sha256");

  @Test
  void neitherChangedAlone() throws Exception {
    String now = digest() + "\n";
    if ("write".equals(System.getProperty("diecast.golden"))) {
      Files.writeString(DIGEST, now);
    }
    assertThat(now)
        .as("the header or a generated source changed: run -Pregenerate, then write the digest")
        .isEqualTo(Files.readString(DIGEST));
  }

  private static String digest() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(Files.readAllBytes(NATIVE.resolve("metal_abi.h")));
    Path generated = Path.of("src", "main", "generated");
    for (Path file : filesUnder(generated)) {
      digest.update(generated.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
      digest.update(Files.readAllBytes(file));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static List<Path> filesUnder(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
