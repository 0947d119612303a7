package dev.diecast.replay.cpu.gemv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The width is a constant of the process, so every other width is checked in its own. */
class ForcedWidthTest {
  @ParameterizedTest
  @CsvSource({"scalar, SCALAR", "128, W128", "256, W256", "512, W512"})
  void allKernelsAreRightAtEveryWidth(String forced, String name) throws Exception {
    assertThat(run(forced)).endsWith("checked " + name);
  }

  @Test
  void anUnknownWidthIsExplained() throws Exception {
    assertThat(run("1024"))
        .contains("system property diecast.cpu.vector is '1024', not scalar, 128, 256 or 512");
  }

  private static String run(String forced) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-D" + VectorWidth.PROPERTY + "=" + forced,
                "-cp",
                classPath(),
                GemvCases.class.getName())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    process.waitFor();
    return output;
  }

  private static String classPath() {
    return Stream.of(
            GemvCases.class,
            GemvKernels.class,
            dev.diecast.kernels.KernelCatalog.class,
            dev.diecast.plans.StepState.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
        .distinct()
        .collect(Collectors.joining(java.io.File.pathSeparator));
  }
}
