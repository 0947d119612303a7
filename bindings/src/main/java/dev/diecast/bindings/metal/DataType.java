package dev.diecast.bindings.metal;

/** Types of function constants. */
public enum DataType implements MetalEnum {
  FLOAT(3, "Float"),
  HALF(16, "Half"),
  INT(29, "Int"),
  UINT(33, "UInt"),
  SHORT(37, "Short"),
  USHORT(41, "UShort"),
  CHAR(45, "Char"),
  UCHAR(49, "UChar"),
  BOOL(53, "Bool"),
  LONG(81, "Long"),
  ULONG(85, "ULong");

  private final long value;
  private final String appleName;

  DataType(long value, String appleName) {
    this.value = value;
    this.appleName = appleName;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public String appleType() {
    return "MTLDataType";
  }

  @Override
  public String appleName() {
    return appleName;
  }
}
