package dev.diecast.kernels.host;

import dev.diecast.kernels.msl.SourceLine;
import java.util.Map;

/**
 * One way to run a kernel, as comments of its file describe it.
 *
 * @param kernel its name
 * @param where the comment starts, or the kernel when there is none
 * @param isDefault whether nobody described it
 * @param groups threadgroups in the grid
 * @param threads in each threadgroup
 * @param constants values of function constants
 * @param inputs by argument name
 */
record CheckCase(
    String kernel,
    SourceLine where,
    boolean isDefault,
    Size3 groups,
    Size3 threads,
    Map<String, String> constants,
    Map<String, CheckInput> inputs) {
  CheckCase {
    constants = Map.copyOf(constants);
    inputs = Map.copyOf(inputs);
  }
}
