package dev.diecast.plans.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFileTest {
  @TempDir Path dir;

  @Test
  void theEndOfTheProgramLeavesNoPartOfAFile() throws IOException {
    Path whole = dir.resolve("whole");
    NewFile.write(whole, new byte[] {1, 2, 3});
    try (NewFile part = NewFile.create(dir.resolve("part"), 100)) {
      part.channel().write(ByteBuffer.wrap(new byte[50]));
      assertThat(dir).isDirectoryContaining(file -> file.toString().endsWith(".part"));

      NewFile.deleteUnfinished();

      try (var files = Files.list(dir)) {
        assertThat(files).containsExactly(whole);
      }
    }
  }

  @Test
  void whatStoodThereStaysUntilTheNewFileIsWhole() throws IOException {
    Path file = Files.write(dir.resolve("f"), new byte[] {1});
    try (NewFile half = NewFile.create(file, 10)) {
      half.channel().write(ByteBuffer.wrap(new byte[5]));
    }
    assertThat(file).hasBinaryContent(new byte[] {1});
    assertThat(dir).isDirectoryNotContaining(each -> !each.equals(file));
  }

  @Test
  void noNameIsNoFile() {
    assertThatThrownBy(() -> NewFile.create(Path.of(""), 1))
        .isInstanceOf(FileSystemException.class)
        .hasMessage("'': is no name for a file");
  }
}
