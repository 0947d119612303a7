package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.PlanException;
import jdk.incubator.vector.FloatVector;

/**
 * Which bodies run. The machine's own width by default; the system property {@code
 * diecast.cpu.vector} = {@code scalar}, {@code 128}, {@code 256} or {@code 512} forces one. A width
 * that the machine lacks still gives the same results, only slowly.
 */
enum VectorWidth {
  SCALAR(0),
  W128(128),
  W256(256),
  W512(512);

  static final String PROPERTY = "diecast.cpu.vector";

  private final int bits;

  VectorWidth(int bits) {
    this.bits = bits;
  }

  /** Of its vectors; 0 for none. */
  int bits() {
    return bits;
  }

  /** The forced width, or the machine's. */
  static VectorWidth chosen() {
    String forced = System.getProperty(PROPERTY);
    return forced == null ? ofMachine() : parse(forced);
  }

  private static VectorWidth parse(String text) {
    if (text.equals("scalar")) {
      return SCALAR;
    }
    for (VectorWidth width : values()) {
      if (width != SCALAR && text.equals(Integer.toString(width.bits))) {
        return width;
      }
    }
    throw new PlanException(
        "system property " + PROPERTY + " is '" + text + "', not scalar, 128, 256 or 512");
  }

  private static VectorWidth ofMachine() {
    int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    if (preferred >= 512) {
      return W512;
    }
    return preferred >= 256 ? W256 : W128;
  }
}
