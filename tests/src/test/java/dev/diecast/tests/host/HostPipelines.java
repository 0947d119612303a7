package dev.diecast.tests.host;

import dev.diecast.kernels.host.HostCompiler;
import dev.diecast.kernels.host.HostKernel;
import dev.diecast.kernels.host.HostLibrary;
import dev.diecast.kernels.host.HostMode;
import dev.diecast.kernels.launch.KernelLaunch;
import dev.diecast.kernels.launch.KernelLaunches;
import dev.diecast.kernels.msl.FunctionConstant;
import dev.diecast.kernels.msl.KernelModules;
import dev.diecast.plans.KernelUse;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The kernels of plans, compiled for this machine; each set of constants once. */
final class HostPipelines implements AutoCloseable {
  private final HostCompiler compiler;
  private final HostMode mode;
  private final Map<String, HostLibrary> libraries = new HashMap<>();

  HostPipelines(HostCompiler compiler, HostMode mode) {
    this.compiler = compiler;
    this.mode = mode;
  }

  /** The kernel that a plan uses. */
  HostKernel kernel(KernelUse use) {
    Map<String, Long> values = new HashMap<>();
    use.constants().forEach(constant -> values.put(constant.name(), constant.value()));
    KernelLaunch launch = KernelLaunches.of(use.name(), values);
    Map<String, String> constants = new TreeMap<>();
    for (FunctionConstant constant :
        KernelModules.of(launch.resource()).module().functionConstants()) {
      constants.put(constant.name(), Long.toString(values.get(constant.name())));
    }
    return libraries
        .computeIfAbsent(
            launch.resource() + constants,
            key -> compiler.compile(KernelModules.of(launch.resource()).source(), constants, mode))
        .kernel(launch.entry());
  }

  @Override
  public void close() {
    libraries.values().forEach(HostLibrary::close);
  }
}
