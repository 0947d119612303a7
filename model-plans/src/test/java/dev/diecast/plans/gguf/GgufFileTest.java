package dev.diecast.plans.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
  @TempDir Path folder;

  @Test
  void everyMetadataTypeComesBack() {
    SmallGguf small = SmallGguf.full();
    try (GgufFile file = GgufFile.open(small.write(folder.resolve("m.gguf")))) {
      assertThat(file.metadata().entries())
          .usingRecursiveComparison()
          .isEqualTo(small.layout().metadata().entries());
      assertThat(file.metadata().entries().keySet())
          .containsExactlyElementsOf(small.layout().metadata().entries().keySet());
    }
  }

  @Test
  void tensorsLieWhereTheLayoutSays() {
    SmallGguf small = SmallGguf.full();
    try (GgufFile file = GgufFile.open(small.write(folder.resolve("m.gguf")))) {
      assertThat(file.tensors()).isEqualTo(small.layout().tensors());
      assertThat(file.fileBytes()).containsExactly(small.layout().fileBytes());
      TensorInfo tensor = file.tensor("c").orElseThrow();
      assertThat(tensor.shape()).containsExactly(256L, 2L, 2L);
      assertThat(tensor.bytes()).isEqualTo(4 * 210);
      MemorySegment data = file.data(tensor);
      assertThat(data.isReadOnly()).isTrue();
      assertThat(data.byteSize()).isEqualTo(4 * 210);
      for (int i = 0; i < data.byteSize(); i++) {
        assertThat(data.get(ValueLayout.JAVA_BYTE, i)).isEqualTo((byte) (i % 251));
      }
      assertThat(file.tensor("nothing")).isEmpty();
    }
  }

  @Test
  void fingerprintIsOfMetadataAndTable() {
    Path path = SmallGguf.full().write(folder.resolve("m.gguf"));
    Path other = SmallGguf.full().with("u8", 1).write(folder.resolve("n.gguf"));
    GgufLayout layout = SmallGguf.full().layout();
    try (GgufFile a = GgufFile.open(path);
        GgufFile b = GgufFile.open(other)) {
      assertThat(a.fingerprint()).hasSize(64).isEqualTo(a.fingerprint());
      assertThat(a.fingerprint()).isEqualTo(Fingerprint.of(layout.metadata(), layout.tensors()));
      assertThat(a.fingerprint()).isNotEqualTo(b.fingerprint());
    }
  }

  @Test
  void versionTwoReadsAlike() throws IOException {
    byte[] bytes = SmallGguf.full().bytes(folder);
    bytes[4] = 2;
    Path path = Files.write(folder.resolve("v2.gguf"), bytes);
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.tensors()).isEqualTo(SmallGguf.full().layout().tensors());
    }
  }

  @Test
  void alignmentKeyMovesTheData() {
    SmallGguf small = SmallGguf.full().with("general.alignment", 4096);
    try (GgufFile file = GgufFile.open(small.write(folder.resolve("m.gguf")))) {
      assertThat(file.tensors()).allMatch(tensor -> tensor.fileOffset() % 4096 == 0);
      assertThat(file.tensors()).isEqualTo(small.layout().tensors());
    }
  }

  @Test
  void vocabularyOnlyFileOpens() {
    try (GgufFile file =
        GgufFile.open(SmallGguf.of().with("x", 1).write(folder.resolve("v.gguf")))) {
      assertThat(file.tensors()).isEmpty();
    }
  }

  @Test
  void anyPartOpensTheWholeSplitModel() {
    part(0, 2, "a");
    Path second = part(1, 2, "b");
    try (GgufFile file = GgufFile.open(second)) {
      assertThat(file.parts()).isEqualTo(2);
      assertThat(file.tensors()).extracting(TensorInfo::name).containsExactly("a", "b");
      assertThat(file.tensors()).extracting(TensorInfo::fileIndex).containsExactly(0, 1);
      assertThat(file.fileBytes()).hasSize(2);
      assertThat(file.part(1).byteSize()).isEqualTo(file.fileBytes().get(1));
      assertThat(file.data(file.tensors().get(1)).byteSize()).isEqualTo(16);
    }
  }

  @Test
  void splitPartsMustFitTogether() throws IOException {
    Path first = part(0, 2, "a");
    assertProblem(first, "00002-of-00002.gguf: no such file");
    part(0, 2, "b", "m-00002-of-00002.gguf");
    assertProblem(first, "'split.no' says part 0 from 0, not 1");
    part(1, 2, "a");
    assertProblem(first, "tensor 'a' is also in an earlier part");
    Path alone = Files.copy(first, folder.resolve("alone.gguf"));
    assertProblem(alone, "'split.count' says 2 parts, the file name says 1");
    part(1, 3, "b", "m-00002-of-00002.gguf");
    assertProblem(first, "'split.count' says 3 parts, the file name says 2");
    small(1, 2, "b").with("split.tensors.count", 5).write(path("m-00002-of-00002.gguf"));
    small(0, 2, "a").with("split.tensors.count", 5).write(first);
    assertProblem(first, "'split.tensors.count' says 5 tensors, the parts hold 2");
  }

  /** A sparse file: 5 GiB in one tensor, and one more beyond it. */
  @Test
  void tensorsBeyondFourGibibytesAreReached() throws IOException {
    long big = 5L << 30;
    int type = TensorType.I8.id();
    byte[] header =
        HeaderBytes.start(2, 0).tensor("a", type, 0, big).tensor("b", type, big, 32).bytes();
    Path path = Files.write(folder.resolve("big.gguf"), header);
    long end = GgufLayout.alignUp(header.length, 32) + big + 32;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {77}), end - 1);
    }
    try (GgufFile file = GgufFile.open(path)) {
      MemorySegment last = file.data(file.tensor("b").orElseThrow());
      assertThat(last.get(ValueLayout.JAVA_BYTE, 31)).isEqualTo((byte) 77);
      assertThat(file.data(file.tensor("a").orElseThrow()).byteSize()).isEqualTo(big);
    }
  }

  @Test
  void whatIsNoFileIsSaidSo() throws IOException {
    assertProblem(folder.resolve("missing.gguf"), "missing.gguf: no such file");
    assertProblem(folder, "not a file");
    assertProblem(Files.createFile(folder.resolve("empty")), "at byte 0: the file ends inside");
    assertProblem(Files.writeString(folder.resolve("text"), "hello world"), "not a GGUF file");
  }

  @Test
  void dataOfAnotherFileIsRefused() {
    try (GgufFile file = GgufFile.open(SmallGguf.full().write(folder.resolve("m.gguf")))) {
      TensorInfo foreign = new TensorInfo("a", TensorType.F32, List.of(1L << 40), 0, 0, 1L << 42);
      assertThatThrownBy(() -> file.data(foreign))
          .isInstanceOf(PlanException.class)
          .hasMessageContaining("'a' is not of this file");
    }
  }

  private Path part(int number, int count, String tensor) {
    return part(number, count, tensor, String.format("m-%05d-of-%05d.gguf", number + 1, count));
  }

  private Path part(int number, int count, String tensor, String name) {
    return small(number, count, tensor).write(path(name));
  }

  private static SmallGguf small(int number, int count, String tensor) {
    return SmallGguf.of(GgufLayout.Spec.of(tensor, TensorType.F32, 4))
        .with("split.no", number)
        .with("split.count", count)
        .with("split.tensors.count", count);
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  private static void assertProblem(Path path, String message) {
    assertThatThrownBy(() -> GgufFile.open(path).close())
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(message);
  }
}
