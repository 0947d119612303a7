package dev.diecast.bindings.metal;

/** Whether Metal orders uses of a resource by itself. */
public enum HazardTrackingMode implements MetalEnum {
  DEFAULT(0, "Default"),
  UNTRACKED(1, "Untracked"),
  TRACKED(2, "Tracked");

  private final long value;
  private final String appleName;

  HazardTrackingMode(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLHazardTrackingMode";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
