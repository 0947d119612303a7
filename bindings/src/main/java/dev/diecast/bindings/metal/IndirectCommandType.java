package dev.diecast.bindings.metal;

/** What the commands of an indirect command buffer may be. */
public enum IndirectCommandType implements MetalEnum {
  /** Dispatches by threadgroups. */
  CONCURRENT_DISPATCH(32, "ConcurrentDispatch");

  private final long value;
  private final String appleName;

  IndirectCommandType(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLIndirectCommandType";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
