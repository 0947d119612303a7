package dev.diecast.plans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.plans.defects.PlanEdits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFilesTest {
  private static final Path FULL = Path.of("/dev/full");

  @TempDir Path folder;

  @Test
  void readsWhatItWrites() throws IOException {
    Path file = folder.resolve("model.plan");

    PlanFiles.write(SmallPlan.build(), file);

    assertThat(Files.readAllBytes(file)).isEqualTo(PlanCodec.encode(SmallPlan.build()));
    assertThat(PlanFiles.read(file))
        .usingRecursiveComparison()
        .withStrictTypeChecking()
        .isEqualTo(SmallPlan.build());
    assertThat(names()).containsExactly("model.plan");
  }

  @Test
  void replacesWhatStoodThere() throws IOException {
    Path file = Files.writeString(folder.resolve("model.plan"), "something else");

    PlanFiles.write(SmallPlan.build(), file);

    assertThat(PlanFiles.read(file).producer()).isEqualTo("diecast test");
  }

  @Test
  void writesThroughALink() throws IOException {
    Path file = Files.writeString(folder.resolve("model.plan"), "");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);

    PlanFiles.write(SmallPlan.build(), link);

    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(PlanFiles.read(file).producer()).isEqualTo("diecast test");
  }

  @Test
  void keepsWhatStoodThereWhenThePlanDoesNotHold() throws IOException {
    Path file = Files.writeString(folder.resolve("model.plan"), "precious");
    Plan unsound = PlanEdits.device("abacus").apply(SmallPlan.build());

    assertThatThrownBy(() -> PlanFiles.write(unsound, file))
        .isInstanceOf(PlanException.class)
        .hasMessage(file + ": target: unknown device 'abacus'");

    assertThat(file).hasContent("precious");
    assertThat(names()).containsExactly("model.plan");
  }

  @Test
  void saysThatTheDiskIsFull() {
    assumeTrue(Files.isWritable(FULL), "this system has no /dev/full");

    assertThatThrownBy(() -> PlanFiles.write(SmallPlan.build(), FULL))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith("/dev/full: cannot be written: ");
    assertThat(Files.isRegularFile(FULL)).isFalse();
  }

  @Test
  void saysThatTheFolderIsMissingOrNotAFile() {
    Path lost = folder.resolve("none/model.plan");
    assertThatThrownBy(() -> PlanFiles.write(SmallPlan.build(), lost))
        .isInstanceOf(PlanException.class)
        .hasMessage(lost + ": cannot be written: there is no folder " + lost.getParent());
    assertThatThrownBy(() -> PlanFiles.write(SmallPlan.build(), folder))
        .isInstanceOf(PlanException.class)
        .hasMessage(folder + ": cannot be written: is a folder");
  }

  @Test
  void namesTheFileThatCannotBeRead() throws IOException {
    Path missing = folder.resolve("none.plan");
    assertThatThrownBy(() -> PlanFiles.read(missing))
        .isInstanceOf(PlanException.class)
        .hasMessage(missing + ": no such file");
    assertThatThrownBy(() -> PlanFiles.read(folder))
        .isInstanceOf(PlanException.class)
        .hasMessage(folder + ": not a file");
    Path other = Files.writeString(folder.resolve("other"), "GGUF");
    assertThatThrownBy(() -> PlanFiles.read(other))
        .isInstanceOf(PlanException.class)
        .hasMessage(other + ": not a Diecast plan");
  }

  @Test
  void verifiesWhatItReads() throws IOException {
    Plan unsound = PlanEdits.device("abacus").apply(SmallPlan.build());
    Path file = Files.write(folder.resolve("bad.plan"), PlanCodec.encode(unsound));

    assertThatThrownBy(() -> PlanFiles.read(file))
        .isInstanceOf(PlanException.class)
        .hasMessage(file + ": target: unknown device 'abacus'");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
