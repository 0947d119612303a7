package dev.diecast.bindings.metal;

/** What the compiler may assume about floating-point numbers. */
public enum MathMode implements MetalEnum {
  SAFE(0, "Safe"),
  RELAXED(1, "Relaxed"),
  FAST(2, "Fast");

  private final long value;
  private final String appleName;

  MathMode(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLMathMode";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
