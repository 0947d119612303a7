package dev.diecast.bindings.metal;

/** Whether dispatches of an encoder may overlap. */
public enum DispatchType implements MetalEnum {
  /** Each waits for the one before. */
  SERIAL(0, "Serial"),
  /** Only barriers order them. */
  CONCURRENT(1, "Concurrent");

  private final long value;
  private final String appleName;

  DispatchType(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLDispatchType";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
