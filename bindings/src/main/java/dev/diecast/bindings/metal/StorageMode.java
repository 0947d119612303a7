package dev.diecast.bindings.metal;

/** Who sees the memory of a heap or a sample buffer. */
public enum StorageMode implements MetalEnum {
  SHARED(0, "Shared"),
  PRIVATE(2, "Private");

  private final long value;
  private final String appleName;

  StorageMode(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLStorageMode";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
