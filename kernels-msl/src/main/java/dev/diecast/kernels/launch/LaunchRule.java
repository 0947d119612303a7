package dev.diecast.kernels.launch;

import dev.diecast.kernels.ArgReader;

/** The grid of one kernel, as a function of its arguments and function constants alone. */
@FunctionalInterface
public interface LaunchRule {
  /**
   * The size of a dispatch; {@link IllegalArgumentException} when the arguments fit none.
   *
   * @param args the packed arguments
   * @param constants all function constants of the kernel, tunables included
   */
  Launch launch(ArgReader args, Constants constants);
}
