package dev.diecast.tests.golden;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Files in the checkout that a test holds against what the code gives now, or writes anew. */
record GoldenFile(Path path) {
  /** The folder that holds the modules; tests run in their module's. */
  static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  private static final boolean WRITE = "write".equals(System.getProperty("diecast.golden"));

  static GoldenFile of(String path) {
    return new GoldenFile(CHECKOUT.resolve(path));
  }

  void holds(String text) throws IOException {
    if (WRITE) {
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
      return;
    }
    String known = known();
    if (!known.equals(text)) {
      fail(
          "%s is not what the planner gives now.%n%s%nIf the change is meant, write the files anew, and review and commit the difference:%n  ./mvnw -q -B test -pl tests -am -Dtest=GoldenPlansTest -Dsurefire.failIfNoSpecifiedTests=false -Ddiecast.golden=write",
          CHECKOUT.relativize(path),
          firstDifference(known.lines().toList(), text.lines().toList()));
    }
  }

  /** What stands there, empty when nothing does. */
  String known() throws IOException {
    try {
      return Files.readString(path);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static String firstDifference(List<String> known, List<String> now) {
    int line = 0;
    while (line < Math.min(known.size(), now.size()) && known.get(line).equals(now.get(line))) {
      line++;
    }
    return "line %d: %s%n    now: %s".formatted(line + 1, at(known, line), at(now, line));
  }

  private static String at(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index) : "(the end)";
  }
}
