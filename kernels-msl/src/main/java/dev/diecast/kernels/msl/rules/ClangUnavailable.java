package dev.diecast.kernels.msl.rules;

import java.io.IOException;

/** There is no clang that can do what is asked. */
public final class ClangUnavailable extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is missing. */
  public ClangUnavailable(String message) {
    super(message);
  }
}
