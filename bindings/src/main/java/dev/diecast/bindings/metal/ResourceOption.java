package dev.diecast.bindings.metal;

/** How a resource is stored and tracked; options are combined with {@link MetalEnum#mask}. */
public enum ResourceOption implements MetalEnum {
  /** In memory that the processor and the GPU both see. */
  SHARED(0, "StorageModeShared"),
  /** In memory that only the GPU sees. */
  PRIVATE(32, "StorageModePrivate"),
  /** Written by the processor and never read by it. */
  WRITE_COMBINED(1, "CPUCacheModeWriteCombined"),
  /** Metal orders nothing by itself: barriers do. */
  UNTRACKED(256, "HazardTrackingModeUntracked"),
  /** Metal orders uses of it; resources of a heap are untracked otherwise. */
  TRACKED(512, "HazardTrackingModeTracked");

  private final long value;
  private final String appleName;

  ResourceOption(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLResourceOptions";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
