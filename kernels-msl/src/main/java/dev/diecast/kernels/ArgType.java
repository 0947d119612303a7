package dev.diecast.kernels;

/** Scalar types of an argument struct, with C layout rules: natural alignment, little-endian. */
public enum ArgType {
  I32(4),
  F32(4),
  I64(8);

  private final int bytes;

  ArgType(int bytes) {
    this.bytes = bytes;
  }

  /** Size and alignment in bytes. */
  public int bytes() {
    return bytes;
  }
}
