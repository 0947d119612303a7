package dev.diecast.kernels;

/**
 * The function constant that states the type of the weights in a slot, as the number that GGUF
 * gives it.
 */
public final class TypeConstant {
  /** Its value when nothing is bound to the slot. */
  public static final long UNBOUND = -1;

  private static final String SUFFIX = "_type";

  private TypeConstant() {}

  /** The constant's name for a slot. */
  public static String of(String slot) {
    return slot + SUFFIX;
  }

  /** Whether a constant of that name states a type. */
  public static boolean is(String constant) {
    return constant.endsWith(SUFFIX);
  }
}
