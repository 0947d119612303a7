package dev.diecast.kernels.msl.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The compiler that checks rules.
 *
 * @param executable its path
 * @param version its major version
 */
public record Clang(Path executable, int version) {
  /** Older ones lack parts of C++ for OpenCL 2021. */
  private static final int OLDEST = 17;

  private static final int LATEST_TRIED = 22;
  private static final long LONGEST_MINUTES = 5;
  private static final Pattern VERSION = Pattern.compile("clang version (\\d+)");

  /**
   * The first fit clang on the path: 19, then plain, then other versions.
   *
   * @throws ClangUnavailable when there is none
   */
  public static Clang find() throws IOException {
    var names = new ArrayList<>(List.of("clang-19", "clang"));
    for (int version = LATEST_TRIED; version >= OLDEST; version--) {
      names.add("clang-" + version);
    }
    return find(names, System.getenv().getOrDefault("PATH", ""));
  }

  static Clang find(List<String> names, String path) throws IOException {
    String tooOld = "";
    for (String name : names) {
      for (String folder : path.split(File.pathSeparator, -1)) {
        Path file = Path.of(folder.isEmpty() ? "." : folder, name);
        int version = Files.isExecutable(file) ? versionOf(file) : 0;
        if (version >= OLDEST) {
          return new Clang(file, version);
        }
        if (version > 0) {
          tooOld = "; " + file + " is clang " + version;
        }
      }
    }
    throw new ClangUnavailable(
        "the rule check needs clang " + OLDEST + " or later on the PATH" + tooOld);
  }

  /** The major version, or 0 of a program that does not run here: another one may. */
  private static int versionOf(Path file) {
    var version = new int[1];
    try {
      start(
          List.of(file.toString(), "--version"),
          line -> {
            Matcher matcher = VERSION.matcher(line);
            if (matcher.find()) {
              version[0] = Integer.parseInt(matcher.group(1));
            }
          });
    } catch (IOException e) {
      return 0;
    }
    return version[0];
  }

  /**
   * Runs it.
   *
   * @param output takes each line of standard output
   * @return the lines of standard error
   */
  List<String> run(List<String> arguments, Consumer<String> output) throws IOException {
    var command = new ArrayList<String>();
    command.add(executable.toString());
    command.addAll(arguments);
    return start(command, output);
  }

  private static List<String> start(List<String> command, Consumer<String> output)
      throws IOException {
    Path errors = Files.createTempFile("diecast-clang", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectError(errors.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .start();
      CompletableFuture.delayedExecutor(LONGEST_MINUTES, TimeUnit.MINUTES)
          .execute(process::destroyForcibly);
      try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          output.accept(line);
        }
      }
      rejectCrash(command, process);
      return List.of(Files.readString(errors, UTF_8).split("\n"));
    } finally {
      Files.deleteIfExists(errors);
    }
  }

  /** Exit codes above 1 are no verdict: crashes, and what ran for too long. */
  private static void rejectCrash(List<String> command, Process process) throws IOException {
    try {
      int code = process.waitFor();
      if (code > 1) {
        throw new IOException(command.getFirst() + " ended with exit code " + code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IOException("interrupted while clang ran", e);
    }
  }
}
