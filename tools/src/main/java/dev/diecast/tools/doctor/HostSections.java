package dev.diecast.tools.doctor;

import com.sun.management.OperatingSystemMXBean;
import dev.diecast.bindings.posix.PageSize;
import dev.diecast.kernels.metallib.MetalToolchain;
import dev.diecast.kernels.msl.rules.Clang;
import dev.diecast.kernels.msl.rules.ClangUnavailable;
import dev.diecast.replay.SessionOptions;
import dev.diecast.replay.cpu.CpuDevice;
import dev.diecast.tools.bench.Machine;
import dev.diecast.tools.console.Version;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Processor, memory, JDK and tools. */
final class HostSections {
  private HostSections() {}

  static List<Section> all() throws IOException {
    return List.of(machine(), java(), tools());
  }

  /** What the cpu device does here. */
  static String use() {
    int bits = CpuDevice.vectorBits();
    return "cpu: %d threads, %s; the device of a command that names none"
        .formatted(
            SessionOptions.defaults().threads(),
            bits == 0 ? "scalar kernels" : "vectors of " + bits + " bits");
  }

  private static Section machine() {
    Machine machine = Machine.here();
    Section.Draft section =
        Section.named("machine")
            .with("diecast", Version.line().replaceFirst("^diecast ", ""))
            .with("os", machine.os())
            .with("architecture", System.getProperty("os.arch", ""))
            .with("cpu", machine.cpu())
            .with("processors", (long) machine.processors())
            .with("page_bytes", PageSize.bytes());
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      section
          .with("memory_bytes", system.getTotalMemorySize())
          .with("free_memory_bytes", system.getFreeMemorySize());
    }
    return section.done();
  }

  private static Section java() {
    return Section.named("java")
        .with("version", System.getProperty("java.vm.version", ""))
        .with("vendor", System.getProperty("java.vendor", ""))
        .with("home", System.getProperty("java.home", ""))
        .with("largest_heap_bytes", Runtime.getRuntime().maxMemory())
        .with("vector_bits", (long) CpuDevice.vectorBits())
        .done();
  }

  private static Section tools() throws IOException {
    String metal =
        switch (MetalToolchain.find()) {
          case MetalToolchain.Search.Found(MetalToolchain found) -> found.version();
          case MetalToolchain.Search.Missing(String reason) -> "none: " + reason;
        };
    return Section.named("tools").with("clang", clang()).with("metal_compiler", metal).done();
  }

  private static String clang() throws IOException {
    try {
      Clang clang = Clang.find();
      return clang.version() + ", " + clang.executable();
    } catch (ClangUnavailable e) {
      return "none: " + e.getMessage();
    }
  }
}
