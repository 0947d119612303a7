package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.BinaryArchive;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.ComputePipelineDescriptor;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.PipelineOption;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.ProcessInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pipelines that were compiled before, an archive for each kernel file. What an archive lacks is
 * compiled, counted and added to it.
 */
final class PipelineArchives implements AutoCloseable {
  /** An archive, and whether it differs from its file. */
  private static final class Archive {
    private final BinaryArchive contents;
    private final Path file;
    private boolean changed;

    Archive(BinaryArchive contents, Path file) {
      this.contents = contents;
      this.file = file;
    }
  }

  private final MetalDevice device;
  private final Optional<Path> folder;
  private final Map<String, Archive> archives = new HashMap<>();
  private final Set<String> without = new HashSet<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> missed = new ArrayList<>();
  private int found;

  PipelineArchives(MetalDevice device, Optional<Path> folder) {
    this.device = device;
    this.folder = folder;
  }

  /** The pipeline that a descriptor without archives asks for. */
  ComputePipeline pipeline(KernelText text, ComputePipelineDescriptor wanted) {
    Archive archive = folder.isEmpty() ? null : archive(text);
    if (archive == null) {
      missed.add(wanted.label());
      return ComputePipeline.create(device, wanted, PipelineOption.NONE);
    }
    ComputePipelineDescriptor described =
        new ComputePipelineDescriptor(
            wanted.function(),
            wanted.label(),
            wanted.maxThreadsPerThreadgroup(),
            wanted.indirect(),
            List.of(archive.contents));
    try {
      ComputePipeline pipeline =
          ComputePipeline.create(device, described, PipelineOption.FAIL_ON_BINARY_ARCHIVE_MISS);
      found++;
      return pipeline;
    } catch (MetalException e) {
      // A miss, or an error that comes again now. The archive compiles, and gives what it compiled.
      missed.add(wanted.label());
      boolean added = add(archive, wanted);
      return ComputePipeline.create(device, added ? described : wanted, PipelineOption.NONE);
    }
  }

  private boolean add(Archive archive, ComputePipelineDescriptor pipeline) {
    try {
      archive.contents.add(pipeline);
      archive.changed = true;
      return true;
    } catch (MetalException e) {
      problems.add(pipeline.label() + " could not be archived: " + e.getMessage());
      return false;
    }
  }

  private @Nullable Archive archive(KernelText text) {
    Archive known = archives.get(text.resource());
    if (known == null && !without.contains(text.resource())) {
      known = open(text);
    }
    return known;
  }

  private @Nullable Archive open(KernelText text) {
    Path file = file(text);
    try {
      Archive archive = new Archive(load(file), file);
      archives.put(text.resource(), archive);
      return archive;
    } catch (MetalException e) {
      without.add(text.resource());
      problems.add(text.resource() + " is compiled without an archive: " + e.getMessage());
      return null;
    }
  }

  private Path file(KernelText text) {
    return PipelineFiles.archive(
        folder.orElseThrow(),
        text.resource(),
        text.text().hash(),
        device.architecture().orElseGet(device::name),
        ProcessInfo.osVersionText());
  }

  private BinaryArchive load(Path file) {
    if (Files.isRegularFile(file)) {
      try {
        return BinaryArchive.load(device, file);
      } catch (MetalException e) {
        problems.add(file + " cannot be used and is made anew: " + e.getMessage());
      }
    }
    return BinaryArchive.empty(device);
  }

  /** Writes what was added. A folder that cannot be written costs time at the next start only. */
  void save() {
    for (Archive archive : archives.values()) {
      if (archive.changed) {
        save(archive);
      }
    }
  }

  private void save(Archive archive) {
    try {
      Path parent = folder.orElseThrow();
      Files.createDirectories(parent);
      Path fresh =
          parent.resolve(archive.file.getFileName() + "." + ProcessHandle.current().pid() + ".new");
      try {
        archive.contents.save(fresh);
        Files.move(
            fresh,
            archive.file,
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException | MetalException e) {
      problems.add(archive.file + " could not be written: " + e.getMessage());
    }
  }

  /** How many pipelines were there, which were not, and what went wrong; for people. */
  List<String> notes() {
    List<String> notes = new ArrayList<>(problems);
    int all = found + missed.size();
    notes.add(
        "pipelines: "
            + found
            + " of "
            + all
            + " from archives"
            + (missed.isEmpty() ? "" : "; compiled: " + String.join(", ", missed)));
    return notes;
  }

  @Override
  public void close() {
    archives.values().forEach(archive -> archive.contents.close());
    archives.clear();
  }
}
