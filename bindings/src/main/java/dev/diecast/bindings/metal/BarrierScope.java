package dev.diecast.bindings.metal;

/** What a barrier is about. */
public enum BarrierScope implements MetalEnum {
  BUFFERS(1, "Buffers");

  private final long value;
  private final String appleName;

  BarrierScope(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLBarrierScope";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
