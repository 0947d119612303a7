package dev.diecast.tools.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of float32 little-endian rows. */
public final class LogitRows implements AutoCloseable {
  private final FileChannel channel;
  private final ByteBuffer bytes;

  private LogitRows(FileChannel channel, int width) {
    this.channel = channel;
    this.bytes = ByteBuffer.allocate(Math.multiplyExact(width, Float.BYTES));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes a new file, or over an old one, in rows of that many values. */
  public static LogitRows to(Path file, int width) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder");
    }
    return new LogitRows(
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE),
        width);
  }

  /** Appends a row. */
  public void write(float[] row) throws IOException {
    bytes.clear();
    bytes.asFloatBuffer().put(row);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
