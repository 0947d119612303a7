package dev.diecast.kernels;

import dev.diecast.kernels.launch.KernelLaunches;
import dev.diecast.kernels.msl.FunctionConstant;
import dev.diecast.kernels.msl.MslModule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The function constants of a kernel on a GPU: those of its contract, then those that its MSL
 * declares besides, which are {@code has_SLOT} for optional slots and tunables.
 */
public final class GpuConstants {
  /** What the name of a constant begins with that says whether a slot is bound. */
  public static final String BOUND = "has_";

  private GpuConstants() {}

  /**
   * All constants with their values, in a fixed order.
   *
   * @param contract the kernel's contract
   * @param module the MSL that implements it
   * @param stated values of the contract's constants and of the tunables
   * @param bound names of the slots that are bound
   */
  public static Map<String, Long> of(
      KernelContract contract, MslModule module, Map<String, Long> stated, Set<String> bound) {
    Map<String, Long> all = new LinkedHashMap<>();
    contract.constants().forEach(name -> all.put(name, value(stated, name)));
    for (FunctionConstant constant : module.functionConstants()) {
      String name = constant.name();
      if (name.startsWith(BOUND)) {
        all.put(name, bound.contains(name.substring(BOUND.length())) ? 1L : 0L);
      } else {
        all.putIfAbsent(name, value(stated, name));
      }
    }
    Long tile = stated.get(KernelLaunches.TOKEN_TILE);
    if (tile != null) {
      all.put(KernelLaunches.TOKEN_TILE, tile);
    }
    return all;
  }

  private static long value(Map<String, Long> stated, String name) {
    Long value = stated.get(name);
    if (value == null) {
      throw new IllegalStateException("nobody states the function constant " + name);
    }
    return value;
  }
}
