package dev.diecast.bindings.metal;

/** Where counters can be sampled. */
public enum CounterSamplingPoint implements MetalEnum {
  /** At the ends of an encoder. */
  STAGE_BOUNDARY(0, "AtStageBoundary"),
  DISPATCH_BOUNDARY(2, "AtDispatchBoundary");

  private final long value;
  private final String appleName;

  CounterSamplingPoint(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLCounterSamplingPoint";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
