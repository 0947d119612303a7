package dev.diecast.bindings.metal;

/** Versions of the Metal Shading Language. */
public enum LanguageVersion implements MetalEnum {
  V2_4(131076, "Version2_4"),
  V3_0(196608, "Version3_0"),
  V3_1(196609, "Version3_1"),
  V3_2(196610, "Version3_2"),
  V4_0(262144, "Version4_0");

  private final long value;
  private final String appleName;

  LanguageVersion(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLLanguageVersion";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
