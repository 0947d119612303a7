package dev.diecast.tests.softmetal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Builds the software Metal with the compilers of this machine; the same sources are built once.
 */
final class LibraryBuild {
  private static final Path SOURCES = Path.of("softmetal", "src").toAbsolutePath();
  private static final Path TARGET = Path.of("target", "softmetal").toAbsolutePath();

  /** Clang marks its classes in a way that GNU's runtime takes for classes under construction. */
  private static final String COMPILER = "gcc";

  private static final List<String> COMPILE =
      List.of("-std=gnu11", "-O2", "-g", "-fPIC", "-shared", "-fobjc-exceptions", "-Wall");
  private static final List<String> LINK =
      List.of("-Wl,--no-as-needed", "-lobjc", "-lBlocksRuntime", "-lpthread", "-Wl,-z,defs");

  private static final String PROBE =
      """
      #include <objc/runtime.h>
      #include <Block.h>
      void *probe(void) { return _Block_copy(objc_lookUpClass("Object")); }
      """;

  private LibraryBuild() {}

  /** Why this machine cannot build it, or empty. */
  static Optional<String> problem() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.of("the software Metal is for Linux");
    }
    return works()
        ? Optional.empty()
        : Optional.of(
            "the software Metal needs gcc with Objective-C and blocks (Debian and Ubuntu: apt"
                + " install gcc gobjc libblocksruntime-dev)");
  }

  /** The library, built now or before. */
  static Path library() {
    try {
      List<Path> sources = sources();
      Path folder = Files.createDirectories(TARGET.resolve(digest(sources)));
      Path library = folder.resolve("libsoftmetal.so");
      if (!Files.exists(library)) {
        Path fresh = Files.createTempFile(folder, "building", ".so");
        build(sources, fresh);
        Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
      }
      return library;
    } catch (IOException e) {
      throw new UncheckedIOException("could not build the software Metal", e);
    }
  }

  private static void build(List<Path> sources, Path library) throws IOException {
    var command = new ArrayList<>(List.of(COMPILER));
    command.addAll(COMPILE);
    sources.stream().map(Path::toString).filter(name -> !name.endsWith(".h")).forEach(command::add);
    command.addAll(List.of("-o", library.toString()));
    command.addAll(LINK);
    Outcome outcome = run(command);
    if (outcome.status() != 0) {
      throw new IllegalStateException("the software Metal does not build:\n" + outcome.output());
    }
  }

  /** Whether the compiler finds the runtime, its headers and blocks. */
  private static boolean works() {
    try {
      Path folder = Files.createDirectories(TARGET);
      Path probe = Files.createTempFile(folder, "probe", ".m");
      Path result = Files.createTempFile(folder, "probe", ".so");
      try {
        Files.writeString(probe, PROBE);
        var command = new ArrayList<>(List.of(COMPILER, "-shared", "-fPIC", "-w"));
        command.add(probe.toString());
        command.addAll(List.of("-o", result.toString()));
        command.addAll(LINK);
        return run(command).status() == 0;
      } finally {
        Files.delete(probe);
        Files.delete(result);
      }
    } catch (IOException e) {
      return false;
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.sorted().toList();
    }
  }

  private static String digest(List<Path> sources) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((COMPILER + COMPILE + LINK).getBytes(StandardCharsets.UTF_8));
      for (Path source : sources) {
        digest.update(source.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(source));
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private record Outcome(int status, String output) {}

  private static Outcome run(List<String> command) throws IOException {
    Path output = Files.createTempFile(TARGET, "compiler", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command.getFirst() + " did not end within two minutes");
      }
      return new Outcome(process.exitValue(), Files.readString(output));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while compiling", e);
    } finally {
      Files.delete(output);
    }
  }
}
