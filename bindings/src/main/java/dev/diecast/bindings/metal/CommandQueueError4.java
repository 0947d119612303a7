package dev.diecast.bindings.metal;

/** Codes of errors in the domain {@code MTL4CommandQueueErrorDomain}. */
public enum CommandQueueError4 implements MetalEnum {
  NONE(0, "None"),
  TIMEOUT(1, "Timeout"),
  NOT_PERMITTED(2, "NotPermitted"),
  OUT_OF_MEMORY(3, "OutOfMemory"),
  DEVICE_REMOVED(4, "DeviceRemoved"),
  ACCESS_REVOKED(5, "AccessRevoked"),
  INTERNAL(6, "Internal");

  private final long value;
  private final String appleName;

  CommandQueueError4(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTL4CommandQueueError";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
