package dev.diecast.plans.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {
  private static final TensorData ZEROS = (tensor, from, to) -> {};

  @TempDir Path folder;

  @Test
  void sameContentGivesSameBytes() throws IOException {
    Path a = SmallGguf.full().write(folder.resolve("a.gguf"));
    Path b = SmallGguf.full().write(folder.resolve("b.gguf"));
    assertThat(Files.mismatch(a, b)).isEqualTo(-1);
    assertThat(Files.size(a)).isEqualTo(SmallGguf.full().layout().fileBytes());
  }

  @Test
  void headerIsAsTheFormatSays() {
    byte[] expected =
        HeaderBytes.start(1, 1)
            .text("k")
            .u32(MetaValue.Type.BOOL.id())
            .u8(1)
            .tensor("t", 0, 0, 1)
            .zeros(96 - 24 - 14 - 33)
            .u32(0x03020100)
            .zeros(28)
            .bytes();
    SmallGguf small =
        SmallGguf.of(GgufLayout.Spec.of("t", TensorType.F32, 1))
            .with("k", new MetaValue.Bool(true));
    assertThat(small.bytes(folder)).isEqualTo(expected);
  }

  @Test
  void longTensorsComeInChunksInOrder() throws IOException {
    GgufLayout layout = layout(GgufLayout.Spec.of("big", TensorType.F32, 1 << 10, 5 << 10));
    List<Long> progress = new ArrayList<>();
    Path path = folder.resolve("big.gguf");
    GgufWriter.write(
        path,
        layout,
        (tensor, from, to) -> {
          for (long i = 0; i < to.byteSize(); i += 8) {
            to.set(ValueLayout.JAVA_LONG_UNALIGNED, i, from + i);
          }
        },
        progress::add);
    assertThat(progress).hasSizeGreaterThan(2).isSorted().last().isEqualTo(layout.fileBytes());
    try (GgufFile file = GgufFile.open(path)) {
      var data = file.data(file.tensors().getFirst());
      for (long i = 0; i < data.byteSize(); i += 8) {
        if (data.get(ValueLayout.JAVA_LONG_UNALIGNED, i) != i) {
          throw new AssertionError("byte " + i);
        }
      }
    }
  }

  @Test
  void failureLeavesNothingBehindAndKeepsWhatWasThere() throws IOException {
    Path path = Files.writeString(folder.resolve("m.gguf"), "precious");
    TensorData failing =
        (tensor, from, to) -> {
          throw new PlanException("no data");
        };
    assertThatThrownBy(() -> GgufWriter.write(path, SmallGguf.full().layout(), failing))
        .isInstanceOf(PlanException.class)
        .hasMessage("no data");
    assertThat(Files.readString(path)).isEqualTo("precious");
    assertThat(names()).containsExactly("m.gguf");
  }

  @Test
  void fullDiskIsSaidBeforeAnythingIsWritten() throws IOException {
    GgufLayout layout = layout(GgufLayout.Spec.of("t", TensorType.F32, 1L << 45, 1 << 10));
    Path path = folder.resolve("huge.gguf");
    assertThatThrownBy(() -> GgufWriter.write(path, layout, ZEROS))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith(path + ": cannot be written: it needs ")
        .hasMessageContaining("the disk has");
    assertThat(names()).isEmpty();
  }

  @Test
  void badPlacesAreSaidSo() {
    Path missing = folder.resolve("nowhere/m.gguf");
    assertThatThrownBy(() -> GgufWriter.write(missing, SmallGguf.full().layout(), ZEROS))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("there is no folder");
    assertThatThrownBy(() -> GgufWriter.write(folder, SmallGguf.full().layout(), ZEROS))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("is a folder");
  }

  private static GgufLayout layout(GgufLayout.Spec spec) {
    return GgufLayout.of(new Metadata("test", Map.of()), List.of(spec));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}
