package dev.diecast.bindings.metal;

/** Where a capture goes. */
public enum CaptureDestination implements MetalEnum {
  /** Xcode. */
  DEVELOPER_TOOLS(1, "DeveloperTools"),
  /** A {@code .gputrace} file. */
  GPU_TRACE_DOCUMENT(2, "GPUTraceDocument");

  private final long value;
  private final String appleName;

  CaptureDestination(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLCaptureDestination";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
