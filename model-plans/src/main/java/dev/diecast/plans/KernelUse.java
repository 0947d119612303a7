package dev.diecast.plans;

import java.util.List;

/**
 * A kernel as a plan uses it: one pipeline on the device.
 *
 * @param name its name in the kernel catalogue
 * @param sourceHash lower-case hex SHA-256 of its source, empty where the device brings its own
 * @param constants function constants that specialise it
 * @param threadgroupBytes threadgroup memory
 */
public record KernelUse(
    String name, String sourceHash, List<Constant> constants, long threadgroupBytes) {
  /** A use with its own copy of the constants. */
  public KernelUse {
    constants = List.copyOf(constants);
  }

  /** A function constant. */
  public record Constant(String name, long value) {}
}
