package dev.diecast.replay.metal;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.launch.KernelLaunch;
import dev.diecast.kernels.launch.KernelLaunches;
import dev.diecast.kernels.msl.FunctionConstant;
import dev.diecast.kernels.msl.KernelModules;
import dev.diecast.kernels.msl.MslKernel;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.PlanException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The MSL behind a kernel that a plan uses.
 *
 * @param contract what the kernel promises
 * @param resource the file that holds it: {@code gemv.metal}
 * @param text that file
 * @param kernel its signature
 * @param constants values of all function constants that the plan states, by name
 */
record KernelText(
    KernelContract contract,
    String resource,
    KernelModules.Parsed text,
    MslKernel kernel,
    Map<String, Long> constants) {

  /** Finds it; refuses a plan that was made for another text. */
  static KernelText of(KernelUse use) {
    Map<String, Long> constants = new HashMap<>();
    use.constants().forEach(constant -> constants.put(constant.name(), constant.value()));
    KernelLaunch launch;
    try {
      launch = KernelLaunches.of(use.name(), constants);
    } catch (IllegalArgumentException e) {
      throw new PlanException("plan: kernel '" + use.name() + "': " + e.getMessage(), e);
    }
    KernelModules.Parsed text = KernelModules.of(launch.resource());
    if (!text.hash().equals(use.sourceHash())) {
      throw new PlanException(
          "plan: kernel '"
              + use.name()
              + "' was planned for another text of "
              + launch.resource()
              + "; compile the plan anew");
    }
    MslKernel kernel =
        text.module()
            .kernel(launch.entry())
            .orElseThrow(() ->
                new PlanException(launch.resource() + " has no kernel '" + launch.entry() + "'"));
    return new KernelText(
        KernelCatalog.get(use.name()), launch.resource(), text, kernel, Map.copyOf(constants));
  }

  /** The function constants that the text declares. */
  List<FunctionConstant> declared() {
    return text.module().functionConstants();
  }

  /** The buffer index of a slot of the contract. */
  int bufferIndex(int slot) {
    return index(contract.slots().get(slot).name());
  }

  /** The buffer index of the argument struct. */
  int argsIndex() {
    return index("args");
  }

  private int index(String argument) {
    return kernel
        .argument(argument)
        .orElseThrow(() ->
            new PlanException(
                resource + ": kernel " + kernel.name() + " has no argument '" + argument + "'"))
        .index();
  }
}
