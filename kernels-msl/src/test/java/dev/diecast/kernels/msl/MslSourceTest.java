package dev.diecast.kernels.msl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MslSourceTest {
  @TempDir private Path folder;

  @Test
  void headersAreInlinedOnceAndLinesKeepTheirPlaces() throws IOException {
    Files.createDirectories(folder.resolve("sub"));
    Files.writeString(folder.resolve("common.h"), "#pragma once\nstruct A { int a; };\n");
    Files.writeString(folder.resolve("sub/own.h"), "#include \"common.h\"\nstruct B { A a; };\n");
    Path file = folder.resolve("sub/k.metal");
    Files.writeString(
        file, "#include \"own.h\"\n#include \"common.h\"\n\nkernel int k(device int* x) {}\n");
    MslSource source = MslSource.ofFile(file);
    assertThat(source.text().split("struct A", -1)).hasSize(2);
    assertThat(source.at(2)).isEqualTo(new SourceLine(folder.resolve("common.h").toString(), 2));
    assertThatThrownBy(() -> MslModule.parse(source))
        .hasMessage(file + ":4: k: a kernel must return void");
    assertThat(Translation.of(withVoid(file), Dialect.HOST).text())
        .contains("#line 2 \"" + file + "\"", "#line 1 \"" + folder.resolve("common.h") + "\"");
  }

  private static MslSource withVoid(Path file) throws IOException {
    Files.writeString(file, Files.readString(file).replace("int k(", "void k("));
    return MslSource.ofFile(file);
  }

  @Test
  void whatIsNoTextSaysSo() throws IOException {
    Path binary = Files.write(folder.resolve("b.metal"), new byte[] {'k', 0, 1, 2});
    assertThatThrownBy(() -> MslSource.ofFile(binary)).hasMessageContaining("NUL");
    Path latin = Files.write(folder.resolve("l.metal"), new byte[] {'/', '/', (byte) 0xE9});
    assertThatThrownBy(() -> MslSource.ofFile(latin)).hasMessageContaining("not UTF-8");
    assertThatThrownBy(() -> MslSource.ofFile(folder.resolve("none.metal")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> MslSource.ofFile(folder)).hasMessageContaining("a folder");
    assertThatThrownBy(() -> MslSource.ofText("t.metal", "\n#include \"x.h\"\n"))
        .hasMessage("t.metal:2: no header \"x.h\" beside this file or above it");
  }
}
