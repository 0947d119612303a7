package dev.diecast.plans;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
      if (Files.isDirectory(file)) {
        throw new PlanException(file + ": cannot be written: it is a directory");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        // A pipe or device must not be replaced by a file.
        fill(file, bytes, StandardOpenOption.WRITE);
      } else {
        replace(Files.exists(file) ? file.toRealPath() : file.toAbsolutePath(), bytes);
      }
    } catch (IOException e) {
      throw new PlanException(file + ": cannot be written: " + reason(e), e);
    }
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Path partial =
        file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      fill(
          partial,
          bytes,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
      try {
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static void fill(Path file, byte[] bytes, StandardOpenOption... options)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, options)) {
      ByteBuffer from = ByteBuffer.wrap(bytes);
      while (from.hasRemaining()) {
        channel.write(from);
      }
      if (Files.isRegularFile(file)) {
        channel.force(true);
      }
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "the folder does not exist";
      case AccessDeniedException denied -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}
