package dev.diecast.kernels.host;

import java.util.List;

/** How kernels are compiled for this machine. */
public enum HostMode {
  /** Fast; only threads that do not meet at barriers and simd operations are noticed. */
  PLAIN(List.of("-O2")),

  /**
   * Every access to device and threadgroup memory is checked. Vectorisation is off because clang does not announce
   * accesses wider than 16 bytes.
   */
  CHECKED(
      List.of(
          "-O1",
          "-fsanitize=thread",
          "-mllvm",
          "-tsan-instrument-func-entry-exit=0",
          "-fsanitize=array-bounds",
          "-fstrict-flex-arrays=3",
          "-fno-vectorize",
          "-fno-slp-vectorize"));

  private final List<String> flags;

  HostMode(List<String> flags) {
    this.flags = flags;
  }

  List<String> flags() {
    return flags;
  }
}
