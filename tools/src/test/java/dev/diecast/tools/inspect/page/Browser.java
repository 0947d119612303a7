package dev.diecast.tools.inspect.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium or Chrome. */
record Browser(Path program) {
  /**
   * What became of a page.
   *
   * @param dom the document once its scripts have run
   * @param console what it wrote to the console, errors and refused loads included
   */
  record Visit(String dom, List<String> console) {}

  /** The first one on the PATH. */
  static Optional<Browser> find() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of("chromium", "google-chrome", "chromium-browser")
        .flatMap(
            name -> Stream.of(path.split(File.pathSeparator)).map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Browser::new);
  }

  /** Opens a page at an address with that fragment. */
  Visit open(Path page, String fragment, Path scratch) throws IOException, InterruptedException {
    Path dom = Files.createTempFile(scratch, "dom", ".html");
    Path log = Files.createTempFile(scratch, "log", ".txt");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--user-data-dir=" + Files.createTempDirectory(scratch, "profile"),
                "--window-size=1200,900",
                "--virtual-time-budget=5000",
                "--enable-logging=stderr",
                "--dump-dom",
                page.toUri() + "#" + fragment)
            .redirectOutput(dom.toFile())
            .redirectError(log.toFile())
            .start();
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new IOException(program + " did not end within 90 s");
    }
    List<String> console =
        new String(Files.readAllBytes(log), UTF_8)
            .lines()
            .filter(line -> line.contains(":CONSOLE"))
            .toList();
    return new Visit(Files.readString(dom), console);
  }
}
