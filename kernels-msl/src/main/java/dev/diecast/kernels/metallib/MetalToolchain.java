package dev.diecast.kernels.metallib;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Apple's Metal compiler, which Xcode brings and {@code xcrun} finds. The system property {@code
 * diecast.xcrun} names another program in its place.
 *
 * @param xcrun the program
 * @param version as the compiler states it
 */
public record MetalToolchain(String xcrun, String version) {
  /** Names another program than {@code xcrun}. */
  public static final String PROPERTY = "diecast.xcrun";

  private static final int SECONDS = 300;
  private static final int FIRST_WITH_3_2 = 15;

  /** The compiler, or why there is none. */
  public sealed interface Search {
    /** It is here. */
    record Found(MetalToolchain toolchain) implements Search {}

    /** It is not. */
    record Missing(String reason) implements Search {}
  }

  private record Outcome(int exit, String output) {}

  /** Looks for it. */
  public static Search find() {
    String named = System.getProperty(PROPERTY);
    if (named == null && !System.getProperty("os.name", "").startsWith("Mac")) {
      return new Search.Missing("Apple's Metal compiler runs on macOS only");
    }
    String xcrun = named == null ? "xcrun" : named;
    try {
      Outcome said = run(List.of(xcrun, "metal", "--version"));
      return said.exit() == 0
          ? new Search.Found(
              new MetalToolchain(xcrun, said.output().lines().findFirst().orElse("")))
          : new Search.Missing(
              "xcrun finds no Metal compiler: install Xcode, and since Xcode 26 "
                  + "`xcodebuild -downloadComponent MetalToolchain`");
    } catch (IOException e) {
      return new Search.Missing("xcrun cannot be run: " + e.getMessage());
    }
  }

  /**
   * Compiles a text as the metal device does: MSL 3.2 where the system has it, safe mathematics.
   *
   * @param name of the file, for the compiler's messages
   * @param library where the result goes, replaced at once
   * @return what the compiler has against the text; empty when it compiled
   */
  public Optional<String> compile(String text, String name, Path library) throws IOException {
    Path parent = library.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Path work = Files.createTempDirectory(parent, ".metallib");
    try {
      Path source = Files.writeString(work.resolve(name), text);
      Path fresh = work.resolve("out.metallib");
      Outcome said = run(command(source, fresh));
      if (said.exit() != 0 || !Files.isRegularFile(fresh)) {
        return Optional.of(name + " does not compile: " + said.output().strip());
      }
      Files.move(
          fresh, library, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return Optional.empty();
    } finally {
      try (var files = Files.list(work)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(work);
    }
  }

  private List<String> command(Path source, Path library) {
    return List.of(
        xcrun,
        "metal",
        "-std=" + language(System.getProperty("os.version", "")),
        "-O2",
        "-fno-fast-math",
        "-o",
        library.toString(),
        source.toString());
  }

  /** What the device asks for on that version of macOS. */
  static String language(String system) {
    String major = system.replaceFirst("\\..*", "");
    boolean recent = major.matches("\\d{1,4}") && Integer.parseInt(major) >= FIRST_WITH_3_2;
    return recent ? "metal3.2" : "metal3.1";
  }

  /** Output goes through a file, so that a program that hangs can be ended. */
  private static Outcome run(List<String> command) throws IOException {
    Path output = Files.createTempFile("diecast-xcrun", ".txt");
    try {
      Process process =
          new ProcessBuilder(new ArrayList<>(command))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command.getFirst() + " did not end within " + SECONDS + " seconds");
      }
      byte[] said = Files.readAllBytes(output);
      return new Outcome(process.exitValue(), new String(said, StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running " + command.getFirst(), e);
    } finally {
      Files.delete(output);
    }
  }
}
