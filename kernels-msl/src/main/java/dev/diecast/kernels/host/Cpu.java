package dev.diecast.kernels.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What clang may assume of this machine's processor. */
final class Cpu {
  private Cpu() {}

  /** With fused multiply-add and half conversion where there are; without them each is a call. */
  static List<String> flags() {
    if (!System.getProperty("os.arch", "").equals("amd64")) {
      return List.of();
    }
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
        if (line.startsWith("flags")) {
          var has = new HashSet<>(List.of(line.split("\\s+", -1)));
          return has.containsAll(Set.of("avx2", "fma", "f16c", "bmi2", "movbe"))
              ? List.of("-march=x86-64-v3")
              : List.of();
        }
      }
    } catch (IOException e) {
      throw new HostException("could not read /proc/cpuinfo", e);
    }
    return List.of();
  }
}
