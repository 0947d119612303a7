package dev.diecast.plans;

import dev.diecast.plans.files.IoReason;
import dev.diecast.plans.files.NewFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Plan files. Whatever passes here, in either direction, has been verified. */
public final class PlanFiles {
  private PlanFiles() {}

  /** Reads and verifies a plan. A {@link PlanException} names the file, the place and the fault. */
  public static Plan read(Path file) {
    Plan plan = PlanCodec.decode(file);
    PlanVerifier.check(file.toString(), plan);
    return plan;
  }

  /**
   * Verifies and writes a plan. Under the final name stands either the whole plan or what stood
   * there before, whatever happens.
   *
   * @throws PlanException when the plan does not hold or cannot be written
   */
  public static void write(Plan plan, Path file) {
    PlanVerifier.check(file.toString(), plan);
    byte[] bytes = PlanCodec.encode(plan);
    // The reader has limits that records do not: what it would refuse is not written.
    PlanCodec.decode(file.toString(), bytes);
    try {
      if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
        // A pipe or device takes the bytes as they come; it must not be replaced by a file.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          fill(channel, bytes);
        }
        return;
      }
      NewFile.write(file, bytes);
    } catch (IOException e) {
      throw new PlanException(file + ": cannot be written: " + IoReason.of(e), e);
    }
  }

  private static void fill(FileChannel channel, byte[] bytes) throws IOException {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    while (from.hasRemaining()) {
      channel.write(from);
    }
  }
}
