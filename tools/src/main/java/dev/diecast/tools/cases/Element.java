package dev.diecast.tools.cases;

/** What a buffer is an array of, as far as results are compared. */
public enum Element {
  /** float32. */
  FLOAT(4),
  /** float16. */
  HALF(2),
  /** int32, which must be right to the bit. */
  INT(4);

  private final int bytes;

  Element(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one. */
  public int bytes() {
    return bytes;
  }
}
