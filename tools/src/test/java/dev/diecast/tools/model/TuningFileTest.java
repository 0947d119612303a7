package dev.diecast.tools.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.tuning.TuningDatabase;
import dev.diecast.capture.tuning.TuningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningFileTest {
  private static final TuningDatabase FOUND =
      TuningDatabase.EMPTY.with(
          new TuningKey("cpu", "attention", "heads=32 kv_heads=4 dk=64 dv=64"), "splits", 8);

  @TempDir Path dir;

  @Test
  void startsAFileThatSaysWhereItWasMeasured() throws IOException {
    Path file = dir.resolve("new.txt");
    TuningFile.add(FOUND, "Some\nCPU, depth 512", file);
    assertThat(file)
        .hasContent(
            "cpu attention heads=32 kv_heads=4 dk=64 dv=64: splits=8  # Some CPU, depth 512\n");
    assertThat(TuningFile.read(file)).isEqualTo(FOUND);
  }

  @Test
  void replacesAChoiceAndKeepsEveryOtherLine() throws IOException {
    Path file = dir.resolve("mine.txt");
    Files.writeString(
        file,
        """
        # my machines

        cpu attention heads=32 kv_heads=4 dk=64 dv=64: splits=2  # old
        cpu attention heads=1 kv_heads=1 dk=64 dv=64: splits=3  # kept
        # the end
        """);
    TuningFile.add(FOUND, "new", file);
    assertThat(file)
        .hasContent(
            """
            # my machines

            cpu attention heads=1 kv_heads=1 dk=64 dv=64: splits=3  # kept
            # the end
            cpu attention heads=32 kv_heads=4 dk=64 dv=64: splits=8  # new
            """);
  }
}
