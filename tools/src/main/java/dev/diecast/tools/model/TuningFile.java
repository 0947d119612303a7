package dev.diecast.tools.model;

import dev.diecast.capture.tuning.TuningDatabase;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.files.NewFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tuning databases as files of the user. */
public final class TuningFile {
  private static final long LIMIT = 1 << 20;

  private TuningFile() {}

  /** The database in a file. */
  public static TuningDatabase read(Path path) throws IOException {
    if (Files.size(path) > LIMIT) {
      throw new PlanException(path + ": is longer than any tuning file");
    }
    String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    return TuningDatabase.parse(text, path.toString());
  }

  /** The same, or an empty database when there is no such file. */
  public static TuningDatabase readIfPresent(Path path) throws IOException {
    return Files.exists(path) ? read(path) : TuningDatabase.EMPTY;
  }

  /** Writes a whole database, or nothing when that fails. */
  public static void write(TuningDatabase database, Path path) throws IOException {
    OutputGuard.check(path, "name another file");
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(database.text());
    try (NewFile file = NewFile.create(path, bytes.remaining())) {
      while (bytes.hasRemaining()) {
        file.channel().write(bytes);
      }
      file.commit();
    }
  }
}
