package dev.diecast.bindings.metal;

/** Which variants of mathematical functions a kernel gets when it names none. */
public enum MathFunctions implements MetalEnum {
  FAST(0, "Fast"),
  PRECISE(1, "Precise");

  private final long value;
  private final String appleName;

  MathFunctions(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLMathFloatingPointFunctions";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
