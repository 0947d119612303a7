package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.kernels.msl.KernelModules;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.metal.PipelineFiles;
import dev.diecast.tests.OracleModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Where pipelines come from: archives where they can, and a note where they cannot. */
@ExtendWith({NeedsSoftMetal.class, SoundSoftMetal.class})
class MetalPipelinesTest {
  private static final String LIBRARY_MARK = "SOFTMETALLIB\n";

  @TempDir Path folder;
  private SoftMetal metal;

  @BeforeEach
  void load() {
    metal = SoftMetal.load();
  }

  /** Opens, computes something and returns the notes. */
  private List<String> notes(Encoder encoder, Path archives) {
    try (MetalRun run =
        MetalRun.open(
            OracleModels.named("qwen3.f16").gguf(),
            MetalRun.options(encoder).withArchives(archives))) {
      run.session().feed(1);
      assertThat(run.session().logits()[0]).isFinite();
      return run.session().startUp().notes();
    }
  }

  private static String note(List<String> notes, String begin) {
    return notes.stream().filter(note -> note.startsWith(begin)).findFirst().orElse("none");
  }

  private static void assertAllFound(List<String> notes) {
    assertThat(note(notes, "pipelines: ")).matches("pipelines: (\\d+) of \\1 from archives");
  }

  private static void assertNoneFound(List<String> notes) {
    assertThat(note(notes, "pipelines: "))
        .matches("pipelines: 0 of \\d+ from archives; compiled: .*gemv_f16.*");
  }

  @Test
  void whatWasCompiledOnceIsFoundAgain() {
    assertNoneFound(notes(Encoder.DIRECT, folder.resolve("new")));
    assertAllFound(notes(Encoder.DIRECT, folder.resolve("new")));
    assertThat(folder.resolve("new")).isDirectoryContaining("glob:**gemv-*.metalarchive");
    assertNoneFound(notes(Encoder.ICB, folder.resolve("new")));
    assertAllFound(notes(Encoder.DIRECT, folder.resolve("new")));
    assertAllFound(notes(Encoder.ICB, folder.resolve("new")));
  }

  @Test
  void anotherSystemOrGpuCompilesItsOwn() {
    notes(Encoder.DIRECT, folder);
    metal.set(Setting.OS_MINOR, 1);
    assertNoneFound(notes(Encoder.DIRECT, folder));
    metal.set(Setting.FAMILY, 1008);
    assertNoneFound(notes(Encoder.DIRECT, folder));
    assertAllFound(notes(Encoder.DIRECT, folder));
  }

  @Test
  void aDamagedArchiveIsMadeAnew() throws IOException {
    notes(Encoder.DIRECT, folder);
    Path damaged;
    try (Stream<Path> files = Files.list(folder)) {
      damaged =
          files
              .filter(f -> f.getFileName().toString().startsWith("gemv-"))
              .findFirst()
              .orElseThrow();
    }
    Files.writeString(damaged, "rubbish");
    List<String> notes = notes(Encoder.DIRECT, folder);
    assertThat(note(notes, damaged.toString())).contains("cannot be used and is made anew");
    assertThat(note(notes, "pipelines: ")).contains("compiled: gemv_f16");
    assertAllFound(notes(Encoder.DIRECT, folder));
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaid() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    List<String> notes = notes(Encoder.DIRECT, file.resolve("below"));
    assertNoneFound(notes);
    assertThat(notes).anySatisfy(note -> assertThat(note).contains("could not be written"));
  }

  /** The library of a kernel file that was built beforehand, in the software Metal's own form. */
  @Test
  void aLibraryForExactlyThisTextIsTaken() throws IOException {
    KernelModules.Parsed gemv = KernelModules.of("gemv.metal");
    Files.writeString(
        PipelineFiles.library(folder, gemv.hash()), LIBRARY_MARK + gemv.source().text());
    assertThat(note(notes(Encoder.DIRECT, folder), "kernel files: "))
        .matches("kernel files: 1 from .metallib files, \\d+ compiled from source");
  }

  @Test
  void aDamagedLibraryIsCompiledFromSource() throws IOException {
    List<String> notes = notes(Encoder.DIRECT, folder);
    String compiled = note(notes, "kernel files: ");
    assertThat(compiled).matches("kernel files: 0 from .metallib files, \\d+ compiled from source");
    try (Stream<Path> files = Files.list(folder)) {
      for (Path archive : files.toList()) {
        String hash = archive.getFileName().toString().split("-", 3)[1];
        Files.writeString(folder.resolve(hash + ".metallib"), "rubbish");
      }
    }
    notes = notes(Encoder.DIRECT, folder);
    assertThat(note(notes, "kernel files: ")).isEqualTo(compiled);
    assertThat(notes)
        .anySatisfy(note ->
            assertThat(note).contains(".metallib cannot be used, its kernels are compiled"));
  }
}
