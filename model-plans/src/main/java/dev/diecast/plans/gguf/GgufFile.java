package dev.diecast.plans.gguf;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.files.IoReason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A GGUF model, version 2 or 3, in one file or split over several, each mapped read-only as a
 * whole. Everything is checked when it opens: whatever {@link #tensors()} lists lies inside its
 * part. The format is ggml's {@code docs/gguf.md}.
 *
 * <p>A file that shrinks while it is mapped is beyond any check.
 */
public final class GgufFile implements ModelSource, AutoCloseable {
  private final Path path;
  private final Arena arena;
  private final List<MemorySegment> parts;
  private final Metadata metadata;
  private final List<TensorInfo> tensors;
  private final Map<String, TensorInfo> byName;
  private volatile @Nullable String fingerprint;

  private GgufFile(
      Path path,
      Arena arena,
      List<MemorySegment> parts,
      Metadata metadata,
      Map<String, TensorInfo> byName,
      List<TensorInfo> tensors) {
    this.path = path;
    this.arena = arena;
    this.parts = List.copyOf(parts);
    this.metadata = metadata;
    this.byName = byName;
    this.tensors = List.copyOf(tensors);
  }

  /**
   * Opens the model at that path; any part of a split model opens all of it. Throws a {@link
   * PlanException} that names the file and, where it applies, the byte.
   */
  public static GgufFile open(Path path) {
    List<Path> paths = SplitName.of(path).map(SplitName::parts).orElse(List.of(path));
    Arena arena = Arena.ofShared();
    try {
      return open(path, paths, arena);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  private static GgufFile open(Path path, List<Path> paths, Arena arena) {
    List<MemorySegment> segments = new ArrayList<>();
    List<GgufPart> headers = new ArrayList<>();
    for (Path part : paths) {
      MemorySegment segment = map(part, arena);
      GgufPart header = GgufPart.parse(segment, part.toString(), headers.size());
      SplitCheck.part(part, header, headers.size(), paths.size());
      segments.add(segment);
      headers.add(header);
    }
    SplitCheck.total(paths, headers);
    List<TensorInfo> tensors = new ArrayList<>();
    Map<String, TensorInfo> byName = new HashMap<>();
    for (GgufPart header : headers) {
      for (TensorInfo tensor : header.tensors()) {
        if (byName.put(tensor.name(), tensor) != null) {
          throw new PlanException(
              paths.get(tensor.fileIndex())
                  + ": tensor '"
                  + tensor.name()
                  + "' is also in an earlier part");
        }
        tensors.add(tensor);
      }
    }
    Metadata metadata = new Metadata(path.toString(), headers.getFirst().metadata());
    return new GgufFile(path, arena, segments, metadata, byName, tensors);
  }

  private static MemorySegment map(Path path, Arena arena) {
    if (!Files.exists(path)) {
      throw new PlanException(path + ": no such file", new NoSuchFileException(path.toString()));
    }
    if (!Files.isRegularFile(path)) {
      throw new PlanException(path + ": not a file", new FileSystemException(path.toString()));
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw new PlanException(path + ": cannot be read: " + IoReason.of(e), e);
    }
  }

  /** How many parts the model has, at least 1. */
  public int parts() {
    return parts.size();
  }

  /** All bytes of a part, counted from 0; read-only, valid until {@link #close()}. */
  public MemorySegment part(int index) {
    return parts.get(index);
  }

  /** The bytes of a tensor of this file; read-only, valid until {@link #close()}. */
  public MemorySegment data(TensorInfo tensor) {
    if (!tensor.equals(byName.get(tensor.name()))) {
      throw new PlanException(path + ": tensor '" + tensor.name() + "' is not of this file");
    }
    return parts.get(tensor.fileIndex()).asSlice(tensor.fileOffset(), tensor.bytes());
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public List<TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public Optional<TensorInfo> tensor(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  @Override
  public String fingerprint() {
    String known = fingerprint;
    if (known == null) {
      known = Fingerprint.of(metadata, tensors);
      fingerprint = known;
    }
    return known;
  }

  @Override
  public List<Long> fileBytes() {
    return parts.stream().map(MemorySegment::byteSize).toList();
  }

  @Override
  public String location() {
    return path.toString();
  }

  /** Unmaps the file; its segments must not be used afterwards. */
  @Override
  public void close() {
    arena.close();
  }
}
