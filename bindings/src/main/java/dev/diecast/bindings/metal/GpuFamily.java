package dev.diecast.bindings.metal;

/** Groups of GPUs by what they can do. */
public enum GpuFamily implements MetalEnum {
  /** M1. */
  APPLE7(1007, "Apple7"),
  /** M2. */
  APPLE8(1008, "Apple8"),
  /** M3 and M4. */
  APPLE9(1009, "Apple9"),
  /** M5. */
  APPLE10(1010, "Apple10"),
  /** Macs in general. */
  MAC2(2002, "Mac2"),
  METAL3(5001, "Metal3"),
  METAL4(5002, "Metal4");

  private final long value;
  private final String appleName;

  GpuFamily(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLGPUFamily";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
