package dev.diecast.kernels.msl;

import java.util.Locale;

/** Where MSL keeps the memory behind a pointer or a reference. */
public enum AddressSpace {
  DEVICE,
  CONSTANT,
  THREADGROUP,
  THREAD;

  /** The word of MSL for it. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }
}
