package dev.diecast.kernels.host;

import java.util.List;

/** How kernels are compiled for this machine. */
public enum HostMode {
  /** Fast; only threads that do not meet at barriers and simd operations are noticed. */
  PLAIN,

  /** Every access to device and threadgroup memory is checked. */
  CHECKED;

  /** Vectorisation is off where accesses are checked: clang announces none wider than 16 bytes. */
  List<String> flags() {
    return switch (this) {
      case PLAIN -> List.of("-O2");
      case CHECKED ->
          List.of(
              "-O1",
              "-fsanitize=thread",
              "-mllvm",
              "-tsan-instrument-func-entry-exit=0",
              "-mllvm",
              "-tsan-instrument-read-before-write=1",
              "-fsanitize=array-bounds,alignment",
              "-fstrict-flex-arrays=3",
              "-fno-vectorize",
              "-fno-slp-vectorize");
    };
  }
}
