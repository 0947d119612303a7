package dev.diecast.tools.model;

import dev.diecast.capture.tuning.TuningDatabase;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.files.NewFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tuning databases as files of the user. */
public final class TuningFile {
  private static final long LIMIT = 1 << 20;

  private TuningFile() {}

  /** The database in a file. */
  public static TuningDatabase read(Path path) throws IOException {
    if (Files.size(path) > LIMIT) {
      throw new PlanException(path + ": is longer than any tuning file");
    }
    return TuningDatabase.parse(text(path), path.toString());
  }

  private static String text(Path path) throws IOException {
    return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
  }

  /**
   * Puts choices into a file, or starts one. A choice replaces the line that had its key; all other
   * lines stay as they are, comments included.
   *
   * @param provenance where and how they were measured, a comment behind each
   */
  public static void add(TuningDatabase found, String provenance, Path path) throws IOException {
    OutputGuard.check(path, "name another file");
    List<String> lines = new ArrayList<>();
    if (Files.exists(path)) {
      read(path);
      text(path).lines().filter(line -> !replaced(line, found)).forEach(lines::add);
    }
    lines.addAll(lines(found, provenance));
    NewFile.write(path, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The lines of choices, each with a comment. */
  public static List<String> lines(TuningDatabase found, String provenance) {
    String comment = "  # " + provenance.replaceAll("\\s+", " ");
    return found.text().lines().map(line -> line + comment).toList();
  }

  private static boolean replaced(String line, TuningDatabase found) {
    return TuningDatabase.parse(line, "line").choices().keySet().stream()
        .anyMatch(found.choices()::containsKey);
  }
}
