package dev.diecast.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.kernels.host.HostCompiler;
import dev.diecast.kernels.msl.rules.Clang;
import dev.diecast.kernels.msl.rules.ClangUnavailable;
import dev.diecast.tools.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MslCommandTest {
  private static final String GOOD =
      """
      #include <metal_stdlib>
      using namespace metal;
      struct Args { uint n; float scale; };
      kernel void twice(device const float* x, device float* y, constant Args& args,
                        uint i [[thread_position_in_grid]]) {
        threadgroup float part[32];
        part[i % 32] = x[i];
        threadgroup_barrier(mem_flags::mem_threadgroup);
        y[i] = part[31 - i % 32] * args.scale;
      }
      """;

  @TempDir private Path folder;

  @Test
  void goodFilesPassAndAreSummarised() throws IOException {
    needClang();
    Path file = write("good.metal", GOOD);
    Cli run = Cli.run("msl", "check", file.toString());
    assertThat(run.code()).isZero();
    assertThat(run.text())
        .contains(
            "1 kernel, 0 function constants, 1 struct",
            "  twice: 2 buffers, 1 value, 128 bytes of threadgroup memory",
            "good.metal: no findings");
  }

  @Test
  void describedCasesRunUnderAllSchedules() throws IOException {
    needClang();
    assumeTrue(HostCompiler.isAvailable(), "needs clang++ on Linux");
    String described =
        GOOD
            + """
            // check: kernel twice grid 1 threads 32 buffer x f32[32] random
            // check:   buffer y f32[32] undefined args args n=32 scale=2
            """;
    Path good = write("good.metal", described);
    Cli clean = Cli.run("msl", "check", good.toString());
    assertThat(clean.text()).contains(good + ":11: ran twice under all schedules: 0 findings");
    assertThat(clean.code()).isZero();
    Path bad =
        write(
            "bad.metal", described.replace("threadgroup_barrier(mem_flags::mem_threadgroup);", ""));
    Cli racy = Cli.run("msl", "check", bad.toString());
    assertThat(racy.text()).contains(bad + ":9: race on 'part'", "[race]");
    assertThat(racy.code()).isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void findingsAreLocatedAndFail() throws IOException {
    needClang();
    Path good = write("good.metal", GOOD);
    Path bad =
        write(
            "bad.metal",
            GOOD.replace("y[i] = part", "float* q = &part[0];\n  y[i] = long(*q) + part"));
    Cli run = Cli.run("msl", "check", good.toString(), bad.toString());
    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.text())
        .contains(
            bad
                + ":9:3: 'q' is a pointer or reference without an address space"
                + " [unqualified-pointer]",
            bad + ":10:10: write int64_t in place of long [long]");
    assertThat(run.err()).isEqualTo("diecast: error: 2 findings in 1 file\n");
    Cli less =
        Cli.run("msl", "check", bad.toString(), "--ignore", "long,unqualified-pointer", "--json");
    assertThat(less.code()).isZero();
    assertThat(less.text()).contains("\"kind\" : \"msl-check\"", "\"findings\" : [ ]", "\"twice\"");
  }

  @Test
  void unreadableDeclarationsAreFindingsOfTheirFile() throws IOException {
    needClang();
    Path open = write("open.metal", GOOD.replace("scale;\n}", "scale;\n"));
    Path binary = Files.write(folder.resolve("binary.metal"), new byte[] {1, 0, 2});
    Path broken = write("if.metal", "#if 1\nkernel void k(device float* x) {}\n");
    Cli run = Cli.run("msl", "check", open.toString(), binary.toString(), broken.toString());
    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.text())
        .contains(
            open + ":5: this '{' is never closed [declarations]",
            binary + ":1: not text: it holds NUL bytes [declarations]",
            broken + ":1: unterminated conditional directive [declarations]");
    assertThat(run.err()).isEqualTo("diecast: error: 3 findings in 3 files\n");
  }

  @Test
  void reflectionIsJsonAndNeedsNoCompiler() throws IOException {
    Path file = write("good.metal", GOOD);
    Cli run = Cli.run("msl", "reflect", file.toString());
    assertThat(run.code()).isZero();
    assertThat(run.text())
        .contains("\"semantic\" : \"thread_position_in_grid\"", "\"access\" : \"read_write\"")
        .contains("\"name\" : \"scale\"", "\"offset\" : 4");
    Path bad = write("bad.metal", "kernel void k(device float* x [[buffer(40)]]) {}");
    fails(ExitCode.BAD_INPUT, bad + ":1: x: [[buffer(n)]] needs", "msl", "reflect", bad.toString());
  }

  @Test
  void misuseIsOneLine() throws IOException {
    String missing = folder.resolve("none.metal").toString();
    fails(ExitCode.IO, "no such file", "msl", "reflect", missing);
    fails(ExitCode.IO, "a folder", "msl", "reflect", folder.toString());
    fails(ExitCode.USAGE, "check or reflect", "msl");
    fails(ExitCode.USAGE, "no rule 'x'", "msl", "check", missing, "--ignore", "x");
    needClang();
    fails(ExitCode.IO, "no such file", "msl", "check", missing);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static void needClang() throws IOException {
    try {
      assertThat(Clang.find().version()).isPositive();
    } catch (ClangUnavailable e) {
      abort("no clang: " + e.getMessage());
    }
  }

  private static void fails(int code, String message, String... args) {
    Cli run = Cli.run(args);
    assertThat(run.code()).isEqualTo(code);
    assertThat(run.err().lines().filter(line -> line.startsWith("diecast: error: ")))
        .singleElement()
        .satisfies(line -> assertThat(line).contains(message));
  }
}
