package dev.diecast.bindings.metal;

/** Which writes a barrier of Metal 4 makes visible. */
public enum Visibility4 implements MetalEnum {
  /** Orders execution only. */
  NONE(0, "None"),
  /** Writes to memory. */
  DEVICE(1, "Device");

  private final long value;
  private final String appleName;

  Visibility4(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTL4VisibilityOptions";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
