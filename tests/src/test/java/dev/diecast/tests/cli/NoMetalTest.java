package dev.diecast.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.tests.OracleModels;
import dev.diecast.tools.Diecast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands where there is no Metal, in a process of their own: in this one another test may have
 * loaded the software Metal.
 */
@DisabledOnOs(value = OS.MAC, disabledReason = "there is Metal on a Mac")
final class NoMetalTest {
  @TempDir Path dir;

  private record Outcome(int code, String out, String err) {}

  private Outcome run(List<String> options, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(Diecast.class.getName());
    command.addAll(List.of(args));
    Path out = dir.resolve("out");
    Path err = dir.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Outcome(
        process.exitValue(), Files.readString(out), Files.readString(err, StandardCharsets.UTF_8));
  }

  private static List<String> errors(Outcome outcome) {
    return outcome.err().lines().filter(line -> line.startsWith("diecast: ")).toList();
  }

  @Test
  void oneErrorSaysWhy() throws Exception {
    String model = OracleModels.named("llama.q4_0").gguf().toString();
    Outcome outcome = run(List.of(), "generate", model, "-p", "a", "--device", "metal");
    assertThat(outcome.code()).isEqualTo(4);
    assertThat(outcome.out()).isEmpty();
    assertThat(errors(outcome))
        .singleElement()
        .asString()
        .contains("device 'metal' is not available: no Metal here: it needs macOS");
  }

  @Test
  void aLibraryThatIsNotThereIsNamed() throws Exception {
    Outcome outcome =
        run(
            List.of("-Ddiecast.metal.library=/no/such/library.so"),
            "selftest",
            "--device",
            "metal");
    assertThat(outcome.code()).isEqualTo(4);
    assertThat(errors(outcome)).singleElement().asString().contains("/no/such/library.so");
  }

  @Test
  void pipelinesNeedACompilerOrAGpu() throws Exception {
    Outcome outcome = run(List.of(), "pipelines", "build");
    assertThat(outcome.code()).isEqualTo(4);
    assertThat(errors(outcome)).singleElement().asString().contains("nothing can be compiled here");
  }

  @Test
  void doctorWorksAndSaysSo() throws Exception {
    Outcome outcome = run(List.of(), "doctor");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .contains("vector bits", "metal: cannot be used: no Metal here: it needs macOS")
        .contains("the device of a command that names none");
  }
}
