package dev.diecast.plans.gguf;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.files.IoReason;
import dev.diecast.plans.files.NewFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a GGUF version 3: header, metadata, tensor table, then the tensor data in chunks that
 * several threads make and write. The bytes depend on the content alone. Until all is written the
 * file has a temporary name beside the final one.
 */
public final class GgufWriter {
  /** Bytes of a chunk, at most; each holds whole blocks. */
  private static final long CHUNK_BYTES = 4 << 20;

  private static final int THREADS = Math.min(8, Runtime.getRuntime().availableProcessors());

  private GgufWriter() {}

  private record Chunk(TensorInfo tensor, long from, long bytes) {}

  /** Writes the file without telling of its progress. */
  public static void write(Path path, GgufLayout layout, TensorData data) {
    write(path, layout, data, bytes -> {});
  }

  /**
   * Writes the file. {@code progress} gets the bytes of the file that are done, on the calling
   * thread. Throws a {@link PlanException} that names the file when it cannot be written; then
   * nothing is left behind.
   */
  public static void write(Path path, GgufLayout layout, TensorData data, LongConsumer progress) {
    try (NewFile file = NewFile.create(path, layout.fileBytes());
        ExecutorService team = Executors.newFixedThreadPool(THREADS)) {
      writeHeader(file, layout);
      new Body(file.channel(), data, team, progress, layout.dataStart()).write(layout);
      padEnd(file.channel(), layout.fileBytes());
      file.commit();
    } catch (IOException e) {
      throw new PlanException(path + ": cannot be written: " + IoReason.of(e), e);
    }
  }

  private static void writeHeader(NewFile file, GgufLayout layout) throws IOException {
    HeaderFile drain = new HeaderFile(file.channel());
    HeaderOutput output = new HeaderOutput(drain);
    output.start(layout.tensors().size(), layout.metadata().entries());
    long dataStart = layout.dataStart();
    for (TensorInfo t : layout.tensors()) {
      output.tensor(t.name(), t.type(), t.shape(), t.fileOffset() - dataStart);
    }
    output.flush();
    drain.check();
  }

  /**
   * The gaps before and between tensors are holes, which read as zeros; the last one needs a byte.
   */
  private static void padEnd(FileChannel channel, long fileBytes) throws IOException {
    if (channel.size() < fileBytes) {
      writeFully(channel, ByteBuffer.allocate(1), fileBytes - 1);
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes, long at)
      throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
  }

  /** Drains a header into a file and keeps the first error for later, as a drain throws none. */
  private static final class HeaderFile implements HeaderOutput.Drain {
    private final FileChannel channel;
    private long at;
    private @Nullable IOException error;

    HeaderFile(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void accept(ByteBuffer bytes) {
      int count = bytes.remaining();
      try {
        writeFully(channel, bytes, at);
        at += count;
      } catch (IOException e) {
        error = e;
      }
    }

    void check() throws IOException {
      if (error != null) {
        throw error;
      }
    }
  }

  /** The tensor data: a window of chunks in flight, finished in order. */
  private static final class Body {
    private final FileChannel channel;
    private final TensorData data;
    private final ExecutorService team;
    private final LongConsumer progress;
    private final Deque<Future<Long>> inFlight = new ArrayDeque<>();
    private long done;

    Body(
        FileChannel channel,
        TensorData data,
        ExecutorService team,
        LongConsumer progress,
        long done) {
      this.channel = channel;
      this.data = data;
      this.team = team;
      this.progress = progress;
      this.done = done;
    }

    void write(GgufLayout layout) throws IOException {
      try {
        for (TensorInfo tensor : layout.tensors()) {
          long block = tensor.type().blockBytes();
          long step = CHUNK_BYTES / block * block;
          for (long from = 0; from < tensor.bytes(); from += step) {
            Chunk chunk = new Chunk(tensor, from, Math.min(step, tensor.bytes() - from));
            inFlight.add(team.submit(() -> write(chunk)));
            if (inFlight.size() > 2 * THREADS) {
              finishOne();
            }
          }
        }
        while (!inFlight.isEmpty()) {
          finishOne();
        }
      } finally {
        inFlight.forEach(chunk -> chunk.cancel(false));
      }
    }

    private long write(Chunk chunk) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment bytes = arena.allocate(chunk.bytes, 64);
        data.fill(chunk.tensor, chunk.from, bytes);
        writeFully(channel, bytes.asByteBuffer(), chunk.tensor.fileOffset() + chunk.from);
      }
      return chunk.bytes;
    }

    private void finishOne() throws IOException {
      try {
        done += inFlight.remove().get();
        progress.accept(done);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case IOException io -> throw io;
          case RuntimeException problem -> throw problem;
          case null, default -> throw new IllegalStateException(e);
        }
      }
    }
  }
}
