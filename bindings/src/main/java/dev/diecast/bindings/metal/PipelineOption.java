package dev.diecast.bindings.metal;

/** How a pipeline is made. */
public enum PipelineOption implements MetalEnum {
  NONE(0, "None"),
  /** Fails instead of compiling when no archive has it. */
  FAIL_ON_BINARY_ARCHIVE_MISS(4, "FailOnBinaryArchiveMiss");

  private final long value;
  private final String appleName;

  PipelineOption(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLPipelineOption";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
