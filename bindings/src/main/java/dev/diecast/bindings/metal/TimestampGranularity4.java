package dev.diecast.bindings.metal;

/** How exactly Metal 4 places a timestamp. */
public enum TimestampGranularity4 implements MetalEnum {
  /** Cheap, perhaps of the whole encoder. */
  RELAXED(0, "Relaxed"),
  /** Between two dispatches, at the price of a wait. */
  PRECISE(1, "Precise");

  private final long value;
  private final String appleName;

  TimestampGranularity4(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTL4TimestampGranularity";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
