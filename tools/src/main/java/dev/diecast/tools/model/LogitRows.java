package dev.diecast.tools.model;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.files.IoReason;
import dev.diecast.plans.files.NewFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file of float32 little-endian rows. A regular file gets its name only when all rows are
 * written; a pipe or device takes them as they come.
 */
public final class LogitRows implements AutoCloseable {
  private final Path file;
  private final @Nullable NewFile whole;
  private final FileChannel channel;
  private final ByteBuffer bytes;

  private LogitRows(Path file, @Nullable NewFile whole, FileChannel channel, int width) {
    this.file = file;
    this.whole = whole;
    this.channel = channel;
    this.bytes = ByteBuffer.allocate(Math.multiplyExact(width, Float.BYTES));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes a new file, or over an old one, {@code rows} rows of {@code width} values. */
  public static LogitRows to(Path file, int width, int rows) {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
        FileChannel device = FileChannel.open(file, StandardOpenOption.WRITE);
        return new LogitRows(file, null, device, width);
      }
      NewFile whole = NewFile.create(file, (long) width * rows * Float.BYTES);
      return new LogitRows(file, whole, whole.channel(), width);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /** Appends a row. */
  public void write(float[] row) {
    bytes.clear();
    bytes.asFloatBuffer().put(row);
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /** Ends the file: all rows are written. */
  public void commit() {
    if (whole != null) {
      try {
        whole.commit();
      } catch (IOException e) {
        throw failure(file, e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (whole != null) {
      whole.close();
    } else {
      channel.close();
    }
  }

  private static PlanException failure(Path file, IOException e) {
    return new PlanException(file + ": cannot be written: " + IoReason.of(e), e);
  }
}
