package dev.diecast.bindings.metal;

/** Who places resources in a heap. */
public enum HeapType implements MetalEnum {
  /** Metal. */
  AUTOMATIC(0, "Automatic"),
  /** The caller, by offset. */
  PLACEMENT(1, "Placement");

  private final long value;
  private final String appleName;

  HeapType(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLHeapType";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
