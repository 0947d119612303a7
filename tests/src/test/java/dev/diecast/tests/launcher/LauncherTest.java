package dev.diecast.tests.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shell launcher, in a copy of its own files with a stand-in for Maven, so that nothing is
 * really built, and with stand-ins for JDKs that print how they were called.
 */
final class LauncherTest {
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path dir;
  private Path root = Path.of("");

  /** What a launch did. */
  private record Launch(int code, String out, String err) {}

  @BeforeEach
  void copyLauncher() throws IOException {
    root = Files.createDirectories(dir.resolve("a checkout"));
    copy("diecast");
    Files.createDirectories(root.resolve("tools/launcher"));
    Files.createDirectories(root.resolve("tools/src/main"));
    try (var scripts = Files.list(CHECKOUT.resolve("tools/launcher"))) {
      for (Path script : scripts.toList()) {
        copy("tools/launcher/" + script.getFileName());
      }
    }
    Files.writeString(root.resolve("pom.xml"), "<version>1</version>\n");
    Files.writeString(root.resolve("tools/pom.xml"), "\n");
    script("mvnw", "mkdir -p tools/target/lib; echo built >> builds; test ! -e broken");
  }

  private void copy(String name) throws IOException {
    Files.copy(CHECKOUT.resolve(name), root.resolve(name));
    assertThat(root.resolve(name).toFile().setExecutable(true)).isTrue();
  }

  private void script(String name, String body) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /** Something that looks like a JDK; its java prints its own folder and its arguments. */
  private Path jdk(String folder, String version) throws IOException {
    script(
        folder + "/bin/java", "echo \"" + folder + "\"; for a in \"$@\"; do echo \"[$a]\"; done");
    script(folder + "/bin/javac", "");
    Files.writeString(
        root.resolve(folder).resolve("release"),
        "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return root.resolve(folder);
  }

  private Launch launch(Map<String, String> environment, Path launcher, String... args)
      throws IOException, InterruptedException {
    String[] command = new String[args.length + 1];
    command[0] = launcher.toString();
    System.arraycopy(args, 0, command, 1, args.length);
    ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
    Path out = dir.resolve("out");
    Path err = dir.resolve("err");
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("HOME", dir.toString());
    builder.environment().put("DIECAST_JDK_DIRS", root.resolve("jdks").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Launch(
        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  private Launch launch(String... args) throws IOException, InterruptedException {
    return launch(Map.of(), root.resolve("diecast"), args);
  }

  @Test
  void withoutAJdkItSaysWhatItLookedAtAndHowToGetOne() throws Exception {
    Path old = jdk("old", "17.0.2");
    Files.createDirectories(root.resolve("jdks"));
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("JAVA_HOME", old.toString());
    environment.put("PATH", "/nonexistent:/usr/bin:/bin");
    Launch launch = launch(environment, root.resolve("diecast"), "demo");
    assertThat(launch.code()).isEqualTo(4);
    assertThat(launch.out()).isEmpty();
    assertThat(launch.err())
        .startsWith("diecast: error: no JDK 25")
        .contains("JAVA_HOME")
        .contains("is JDK 17")
        .contains(root.resolve("jdks").toString())
        .contains("brew install")
        .contains("apt install")
        .contains("sdk install");
  }

  @Test
  void exactly25IsPreferredToNewerOnes() throws Exception {
    jdk("jdks/newest", "27");
    jdk("jdks/right", "25.0.1");
    jdk("jdks/zz", "26.0.1");
    assertThat(launch("version").out()).startsWith("jdks/right\n");
  }

  @Test
  void theOldestNewerOneServesWhenThereIsNo25() throws Exception {
    jdk("jdks/old", "21.0.3");
    jdk("jdks/newest", "27-ea");
    jdk("jdks/newer/Contents/Home", "26.0.1");
    assertThat(launch("version").out()).startsWith("jdks/newer/Contents/Home\n");
  }

  @Test
  void javaHomeGoesFirst() throws Exception {
    jdk("jdks/right", "25");
    Path mine = jdk("my own jdk", "25.0.3");
    Launch launch =
        launch(Map.of("JAVA_HOME", mine.toString()), root.resolve("diecast"), "version");
    assertThat(launch.out()).startsWith("my own jdk\n");
  }

  @Test
  void aRuntimeWithoutACompilerDoesNotCount() throws Exception {
    Path runtime = jdk("jdks/a-runtime", "25");
    Files.delete(runtime.resolve("bin/javac"));
    jdk("jdks/b-jdk", "26");
    assertThat(launch("version").out()).startsWith("jdks/b-jdk\n");
  }

  @Test
  void argumentsArriveAsTheyAre() throws Exception {
    jdk("jdks/right", "25");
    Launch launch = launch("generate", "a b", "", "$HOME", "*", "it's \"so\"");
    assertThat(launch.out())
        .endsWith(
            """
            [--module]
            [dev.diecast.tools/dev.diecast.tools.Diecast]
            [generate]
            [a b]
            []
            [$HOME]
            [*]
            [it's "so"]
            """);
  }

  @Test
  void optionsForTheJvmAreAdded() throws Exception {
    jdk("jdks/right", "25");
    Launch launch =
        launch(Map.of("DIECAST_JAVA_OPTS", "-Xmx1g -Dx=y"), root.resolve("diecast"), "version");
    assertThat(launch.out()).contains("[-Xmx1g]\n[-Dx=y]\n[--module]");
  }

  @Test
  void symbolicLinksLeadHome() throws Exception {
    jdk("jdks/right", "25");
    Path first = Files.createSymbolicLink(dir.resolve("first"), Path.of("a checkout/diecast"));
    Path bin = Files.createDirectories(dir.resolve("bin"));
    Path second = Files.createSymbolicLink(bin.resolve("dc"), Path.of("../first"));
    assertThat(launch(Map.of(), first, "version").code()).isZero();
    Launch launch = launch(Map.of(), second, "version");
    assertThat(launch.code()).isZero();
    assertThat(launch.out()).contains("a checkout/tools/target/lib]");
  }

  @Test
  void itBuildsOnceAndAgainWhenASourceChanges() throws Exception {
    jdk("jdks/right", "25");
    assertThat(launch("version").err()).contains("building");
    assertThat(launch("version").err()).isEmpty();
    assertThat(builds()).isEqualTo(1);
    // Some file systems keep whole seconds only.
    Thread.sleep(1100);
    Files.writeString(root.resolve("tools/src/main/New.java"), "class New {}");
    launch("version");
    assertThat(builds()).isEqualTo(2);
    launch("version");
    assertThat(builds()).isEqualTo(2);
  }

  private long builds() throws IOException {
    return Files.readAllLines(root.resolve("builds")).size();
  }

  @Test
  void aFailedBuildIsReportedAndTriedAgain() throws Exception {
    jdk("jdks/right", "25");
    Files.createFile(root.resolve("broken"));
    Launch failed = launch("version");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err()).contains("diecast: error: the build failed").contains("build.log");
    assertThat(failed.out()).isEmpty();
    Files.delete(root.resolve("broken"));
    assertThat(launch("version").code()).isZero();
  }

  @Test
  void aLockOfAProcessThatIsGoneDoesNotBlock() throws Exception {
    jdk("jdks/right", "25");
    Files.createDirectories(root.resolve("target/build.lock"));
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.writeString(root.resolve("target/build.lock/pid"), gone.pid() + "\n");
    assertThat(launch("version").code()).isZero();
    assertThat(root.resolve("target/build.lock")).doesNotExist();
  }
}
