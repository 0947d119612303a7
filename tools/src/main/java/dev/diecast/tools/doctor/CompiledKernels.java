package dev.diecast.tools.doctor;

import dev.diecast.kernels.metallib.KernelFiles;
import dev.diecast.kernels.msl.KernelModules;
import dev.diecast.tools.pipelines.CompiledFile;
import dev.diecast.tools.pipelines.CompiledFile.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Kernels that need no compiling. */
final class CompiledKernels {
  private CompiledKernels() {}

  static Section section(Path folder) throws IOException {
    List<CompiledFile> files = CompiledFile.in(folder);
    return Section.named("compiled kernels")
        .with("folder", folder.toString())
        .with("kernel_files", KernelFiles.all().size())
        .with("libraries_in_this_build", shipped())
        .with("libraries_in_folder", current(files, Kind.LIBRARY))
        .with("archives_in_folder", current(files, Kind.ARCHIVE))
        .with("of_other_versions", files.stream().filter(file -> !file.isCurrent()).count())
        .with("size_bytes", files.stream().mapToLong(CompiledFile::bytes).sum())
        .done();
  }

  static List<String> use(Path folder) throws IOException {
    long libraries = Math.max(shipped(), current(CompiledFile.in(folder), Kind.LIBRARY));
    long all = KernelFiles.all().size();
    return List.of(
        libraries == all
            ? "kernels on metal: .metallib files"
            : "kernels on metal: %d of %d files are compiled from source at first use, then archived"
                .formatted(all - libraries, all));
  }

  private static long shipped() {
    return KernelFiles.all().stream()
        .filter(file -> KernelFiles.shippedLibrary(KernelModules.of(file).hash()).isPresent())
        .count();
  }

  private static long current(List<CompiledFile> files, Kind kind) {
    return files.stream().filter(file -> file.kind() == kind && file.isCurrent()).count();
  }
}
