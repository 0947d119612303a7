package dev.diecast.bindings.metal;

/** What a counter heap of Metal 4 holds. */
public enum CounterHeapType4 implements MetalEnum {
  TIMESTAMP(1, "Timestamp");

  private final long value;
  private final String appleName;

  CounterHeapType4(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTL4CounterHeapType";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
