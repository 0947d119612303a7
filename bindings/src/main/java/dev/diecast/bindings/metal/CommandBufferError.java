package dev.diecast.bindings.metal;

/** Codes of errors in the domain {@code MTLCommandBufferErrorDomain}. */
public enum CommandBufferError implements MetalEnum {
  NONE(0, "None"),
  INTERNAL(1, "Internal"),
  TIMEOUT(2, "Timeout"),
  PAGE_FAULT(3, "PageFault"),
  ACCESS_REVOKED(4, "AccessRevoked"),
  NOT_PERMITTED(7, "NotPermitted"),
  OUT_OF_MEMORY(8, "OutOfMemory"),
  INVALID_RESOURCE(9, "InvalidResource"),
  MEMORYLESS(10, "Memoryless"),
  DEVICE_REMOVED(11, "DeviceRemoved"),
  STACK_OVERFLOW(12, "StackOverflow");

  private final long value;
  private final String appleName;

  CommandBufferError(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLCommandBufferError";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
