package dev.diecast.bindings.metal;

/** Stages of the GPU, for barriers of Metal 4; combined with {@link MetalEnum#mask}. */
public enum Stages implements MetalEnum {
  /** Compute. */
  DISPATCH(134217728, "Dispatch"),
  /** Copies. */
  BLIT(268435456, "Blit");

  private final long value;
  private final String appleName;

  Stages(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLStages";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
