package dev.diecast.bindings.metal;

/**
 * What an encoder does with a resource that it binds indirectly; combined with {@link
 * MetalEnum#mask}.
 */
public enum ResourceUsage implements MetalEnum {
  READ(1, "Read"),
  WRITE(2, "Write");

  private final long value;
  private final String appleName;

  ResourceUsage(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLResourceUsage";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
