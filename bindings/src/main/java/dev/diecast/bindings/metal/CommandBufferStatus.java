package dev.diecast.bindings.metal;

/** How far a command buffer has come. */
public enum CommandBufferStatus implements MetalEnum {
  NOT_ENQUEUED(0, "NotEnqueued"),
  ENQUEUED(1, "Enqueued"),
  COMMITTED(2, "Committed"),
  SCHEDULED(3, "Scheduled"),
  COMPLETED(4, "Completed"),
  ERROR(5, "Error");

  private final long value;
  private final String appleName;

  CommandBufferStatus(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLCommandBufferStatus";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
