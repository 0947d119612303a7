package dev.diecast.plans.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that gets its name only when it is whole: closing it uncommitted deletes it, and so does
 * the end of the JVM, as when the user interrupts it.
 */
public final class NewFile implements AutoCloseable {
  private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(NewFile::deleteUnfinished));
  }

  private final Path path;
  private final Path temporary;
  private final FileChannel channel;

  private NewFile(Path path, Path temporary, FileChannel channel) {
    this.path = path;
    this.temporary = temporary;
    this.channel = channel;
  }

  /** Starts a file that will have so many bytes; fails at once when the disk has no room. */
  public static NewFile create(Path path, long bytes) throws IOException {
    if (path.toString().isEmpty()) {
      throw new FileSystemException("''", null, "is no name for a file");
    }
    Path absolute = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    Path folder = absolute.getParent();
    Path name = absolute.getFileName();
    if (folder == null || name == null || Files.isDirectory(absolute)) {
      throw new FileSystemException(path.toString(), null, "is a folder");
    }
    if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
      // Renaming over a device or pipe would replace it.
      throw new FileSystemException(path.toString(), null, "is not a regular file");
    }
    if (!Files.isDirectory(folder)) {
      throw new FileSystemException(path.toString(), null, "there is no folder " + folder);
    }
    long room = Files.getFileStore(folder).getUsableSpace();
    if (room < bytes) {
      throw new FileSystemException(
          path.toString(), null, "it needs " + bytes + " bytes, the disk has " + room + " left");
    }
    Path temporary = folder.resolve("." + name + "." + ProcessHandle.current().pid() + ".part");
    UNFINISHED.add(temporary);
    FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    return new NewFile(absolute, temporary, channel);
  }

  /** Writes a file with these bytes, or nothing when that fails. */
  public static void write(Path path, byte[] bytes) throws IOException {
    try (NewFile file = create(path, bytes.length)) {
      ByteBuffer from = ByteBuffer.wrap(bytes);
      while (from.hasRemaining()) {
        file.channel.write(from);
      }
      file.commit();
    }
  }

  /** Where to write the bytes. */
  public FileChannel channel() {
    return channel;
  }

  /** Makes the bytes durable and gives the file its name, in place of whatever had it. */
  public void commit() throws IOException {
    channel.force(true);
    channel.close();
    try {
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING);
    }
    UNFINISHED.remove(temporary);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
    UNFINISHED.remove(temporary);
  }

  static void deleteUnfinished() {
    for (Path temporary : UNFINISHED) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        // The JVM ends, and there is nobody left to tell.
      }
    }
  }
}
