package dev.diecast.kernels;

/** How a kernel touches the memory behind one of its slots. */
public enum Access {
  READ,
  WRITE,
  READ_WRITE;

  /** Whether the kernel may read the bytes. */
  public boolean reads() {
    return this != WRITE;
  }

  /** Whether the kernel may write the bytes. */
  public boolean writes() {
    return this != READ;
  }
}
