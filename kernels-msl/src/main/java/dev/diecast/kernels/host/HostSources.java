package dev.diecast.kernels.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The C++ text that ships with this module: the dialect's headers and the runtime. */
final class HostSources {
  private static final String ROOT = "/dev/diecast/kernels/";

  static final List<String> DIALECT =
      List.of(
          "atomics.h",
          "barriers.h",
          "bits.h",
          "elementwise.h",
          "grid.h",
          "half.h",
          "host_runtime.h",
          "integers.h",
          "matrices.h",
          "msl_core.h",
          "msl_keywords.h",
          "msl_keywords_end.h",
          "scalars.h",
          "simd.h",
          "simdgroup_matrix.h",
          "swizzles.h",
          "target.h",
          "threadgroup_variables.h",
          "traits.h",
          "vectors.h");

  static final List<String> RUNTIME =
      List.of(
          "bfloat.cpp",
          "callbacks.cpp",
          "dispatch.cpp",
          "fault.cpp",
          "fiber.cpp",
          "scheduler.cpp",
          "shadow.cpp");

  private static final List<String> RUNTIME_HEADERS = List.of("runtime.h");

  /** By path below the folder that holds them. */
  private final Map<String, String> texts = new LinkedHashMap<>();

  HostSources() {
    DIALECT.forEach(name -> load("dialect/" + name));
    RUNTIME.forEach(name -> load("host/" + name));
    RUNTIME_HEADERS.forEach(name -> load("host/" + name));
  }

  /** Changes when any of the files does. */
  String digest() {
    return Digest.of(texts.toString());
  }

  /** Writes all files below a folder. */
  void writeTo(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("dialect"));
    Files.createDirectories(folder.resolve("host"));
    for (Map.Entry<String, String> text : texts.entrySet()) {
      Files.writeString(folder.resolve(text.getKey()), text.getValue());
    }
  }

  private void load(String path) {
    try (InputStream in = HostSources.class.getResourceAsStream(ROOT + path)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks its file " + path);
      }
      texts.put(path, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new HostException("could not read " + path + " from this program", e);
    }
  }
}
