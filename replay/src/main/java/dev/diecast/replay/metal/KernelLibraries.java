package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.CompileOptions;
import dev.diecast.bindings.metal.LanguageVersion;
import dev.diecast.bindings.metal.MathFunctions;
import dev.diecast.bindings.metal.MathMode;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.MetalLibrary;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.kernels.metallib.KernelFiles;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kernel files as Metal libraries: a {@code .metallib} where one was built for exactly this text,
 * else the text itself, compiled. Both are MSL with safe mathematics: kernels tell infinities and
 * NaN apart, and build results of two floats where one is not enough.
 */
final class KernelLibraries implements AutoCloseable {
  private final MetalDevice device;
  private final Optional<Path> folder;
  private final Map<String, MetalLibrary> libraries = new HashMap<>();
  private final List<String> damaged = new ArrayList<>();
  private int compiled;

  KernelLibraries(MetalDevice device, Optional<Path> folder) {
    this.device = device;
    this.folder = folder;
  }

  /** The library that holds a kernel. */
  MetalLibrary of(KernelText text) {
    MetalLibrary known = libraries.get(text.resource());
    if (known == null) {
      known = prebuilt(text).orElseGet(() -> compile(text));
      libraries.put(text.resource(), known);
    }
    return known;
  }

  /** One in the folder, else the one that came with Diecast. */
  private Optional<MetalLibrary> prebuilt(KernelText text) {
    Optional<MetalLibrary> inFolder = fromFolder(text);
    return inFolder.isPresent() ? inFolder : shipped(text);
  }

  private Optional<MetalLibrary> shipped(KernelText text) {
    Optional<byte[]> bytes = KernelFiles.shippedLibrary(text.text().hash());
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes.get());
      return Optional.of(MetalLibrary.ofData(device, copy));
    } catch (MetalException e) {
      damaged.add(
          "the library that came for "
              + text.resource()
              + " cannot be used, its kernels are compiled: "
              + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<MetalLibrary> fromFolder(KernelText text) {
    Optional<Path> file = folder.map(f -> PipelineFiles.library(f, text.text().hash()));
    if (file.isEmpty() || !Files.isRegularFile(file.get())) {
      return Optional.empty();
    }
    try {
      return Optional.of(MetalLibrary.load(device, file.get()));
    } catch (MetalException e) {
      damaged.add(file.get() + " cannot be used, its kernels are compiled: " + e.getMessage());
      return Optional.empty();
    }
  }

  private MetalLibrary compile(KernelText text) {
    compiled++;
    try {
      return MetalLibrary.compile(device, text.text().source().text(), options());
    } catch (MetalException e) {
      throw new MetalException(text.resource() + ": " + e.getMessage(), e.domain(), e.code());
    }
  }

  private CompileOptions options() {
    // The text orders memory between threadgroups by what 3.2 has, where it has it.
    LanguageVersion language =
        device.supportsResidencySets() ? LanguageVersion.V3_2 : LanguageVersion.V3_1;
    return new CompileOptions(language, MathMode.SAFE, MathFunctions.PRECISE);
  }

  List<String> notes() {
    List<String> notes = new ArrayList<>(damaged);
    notes.add(
        "kernel files: "
            + (libraries.size() - compiled)
            + " from .metallib files, "
            + compiled
            + " compiled from source");
    return notes;
  }

  @Override
  public void close() {
    libraries.values().forEach(MetalLibrary::close);
    libraries.clear();
  }
}
